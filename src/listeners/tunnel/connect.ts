/** CONNECT: tunnels to intercepted hosts are handled like direct connections, all others forward their bytes unchanged. */
import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { formatAddress } from "../../base/host-port.ts";
import { type Dialled, dial } from "../../net/dial.ts";
import type { Authority } from "../../net/host-name.ts";
import type { Arrival } from "../../ports/ports.ts";
import type { Enter, OnDoorEvent } from "../connection/door.ts";
import type { OnConnect } from "../connection/http1-door.ts";
import { plainAnswer } from "../connection/plain-answer.ts";
import { decideTunnel, type Refusal, refusalOf, type TunnelPolicy } from "./tunnel-policy.ts";

export interface ConnectOptions {
  readonly policy: TunnelPolicy;
  readonly onEvent?: OnDoorEvent;
  /** From the CONNECT to the target's answer, name resolution included; in milliseconds. */
  readonly dialTimeoutMs?: number;
  /** All addresses of a host name; the system's resolver unless given. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

const ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";
const CHALLENGE = 'proxy-authenticate: Basic realm="antom-fault-proxy", charset="UTF-8"';
const DIAL_TIMEOUT_MS = 10_000;

interface Tunnel {
  readonly socket: Socket;
  /** Bytes that the client sent directly after its CONNECT. */
  readonly head: Buffer;
  readonly tell: (outcome: "intercepted" | "tunnelled" | "refused" | "failed", detail: string) => void;
}

/** For FrontDoorOptions.createOnConnect. */
export function createConnectHandler(options: ConnectOptions): (enter: Enter) => OnConnect {
  return (enter) => (request, socket, head, arrival) => {
    const tunnel = openTunnel(request, socket, head, arrival, options);
    const { target, localAddress, proxyAuthorization } = readConnect(request, socket);
    const verdict = decideTunnel({ target, localAddress, proxyAuthorization }, options.policy);
    if (verdict.kind === "refuse") return refuse(tunnel, verdict);
    if (verdict.kind === "intercept") return intercept(tunnel, verdict.authority, enter);
    reach(verdict.authority, verdict.listed, options).then(
      (reached) => conclude(tunnel, reached),
      (error: unknown) => fail(tunnel, { kind: "failed", status: 502, reason: String(error) }),
    );
  };
}

function readConnect(
  request: IncomingMessage,
  socket: Socket,
): { target: string; localAddress: string; proxyAuthorization: string | undefined } {
  return { target: request.url ?? "", localAddress: socket.localAddress ?? "", proxyAuthorization: request.headers["proxy-authorization"] };
}

function openTunnel(request: IncomingMessage, socket: Socket, head: Buffer, arrival: Arrival, options: ConnectOptions): Tunnel {
  // node:http has released the socket; an `error` event without a listener would end the process.
  socket.on("error", () => undefined);
  const { remoteAddress } = arrival;
  const target = request.url ?? "";
  return { socket, head, tell: (outcome, detail) => options.onEvent?.({ kind: "connect", remoteAddress, target, outcome, detail }) };
}

function intercept({ socket, head, tell }: Tunnel, authority: Authority, enter: Enter): void {
  tell("intercepted", "");
  socket.write(ESTABLISHED);
  if (head.length > 0) socket.unshift(head);
  enter(socket, formatAddress(authority));
}

type Reached = Dialled | Refusal;

/** Resolves the name once, checks every address, and connects only to these. */
async function reach(authority: Authority, listed: boolean, options: ConnectOptions): Promise<Reached> {
  const timeoutMs = options.dialTimeoutMs ?? DIAL_TIMEOUT_MS;
  const resolve = options.resolve ?? resolveAll;
  const addresses = await withDeadline(resolve(authority.host), timeoutMs).catch(() => []);
  const [first] = addresses;
  if (first === undefined) return { kind: "failed", status: 502, reason: `\`${authority.host}\` cannot be resolved` };
  const refusal = refusalOf(addresses, authority, listed, options.policy);
  return refusal ?? (await dial(authority, addresses, timeoutMs));
}

async function resolveAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener("abort", () => reject(deadline.reason), { once: true });
  });
  return await Promise.race([promise, late]);
}

function conclude(tunnel: Tunnel, reached: Reached): void {
  if (reached.kind === "refuse") refuse(tunnel, reached);
  else if (reached.kind === "failed") fail(tunnel, reached);
  else join(tunnel, reached.socket);
}

function join({ socket, head, tell }: Tunnel, remote: Socket): void {
  if (socket.destroyed) {
    remote.destroy();
    return;
  }
  tell("tunnelled", remote.remoteAddress ?? "");
  socket.once("close", () => remote.destroy());
  remote.on("error", () => undefined).once("close", () => socket.destroySoon());
  socket.write(ESTABLISHED);
  if (head.length > 0) remote.write(head);
  socket.pipe(remote);
  remote.pipe(socket);
}

function refuse({ socket, tell }: Tunnel, { status, reason }: Refusal): void {
  tell("refused", reason);
  plainAnswer(socket, status, reason, status === 407 ? [CHALLENGE] : []);
}

function fail({ socket, tell }: Tunnel, { status, reason }: Extract<Dialled, { kind: "failed" }>): void {
  tell("failed", reason);
  plainAnswer(socket, status, reason);
}
