/** The stream lane for upgrades: the head goes to the gateway as it came, and what follows is two streams of bytes. */
import { request as httpRequest, type IncomingMessage, STATUS_CODES } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { headerValues } from "../http/headers.ts";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { RawHeaders, RequestHead } from "../http/message.ts";
import { type AgentOptions, createAgents } from "./agents.ts";
import { setDeadlines } from "./deadlines.ts";
import { describeFailure } from "./failure.ts";

export interface UpgradeCall {
  readonly head: RequestHead;
  /** The client's connection, free of any HTTP parser. */
  readonly socket: Duplex;
  /** What the client sent right after its head. */
  readonly firstBytes: Buffer;
  /** `https://host[:port]`. */
  readonly origin: string;
}

export interface UpgradeLaneOptions extends Partial<AgentOptions> {
  /** Longest wait for the gateway's answer, in milliseconds. */
  readonly timeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ENDING_HERE = endingHere("host");

/** Resolves with the status of the gateway's answer (101: the connections are joined), or undefined when there was none. */
export function createUpgradeLane(options: UpgradeLaneOptions): (call: UpgradeCall) => Promise<number | undefined> {
  // http-proxy's own way would send a refusal's body without its chunk lengths but with their announcement.
  const agentFor = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS, ...options });
  return (call) =>
    new Promise((resolve) => {
      const { origin, head, socket, firstBytes } = call;
      const send = origin.startsWith("https:") ? httpsRequest : httpRequest;
      const { hostname, port } = new URL(origin);
      const target = { host: hostname.replace(/^\[|\]$/g, ""), port, method: head.method, path: head.path };
      const request = send({ ...target, agent: agentFor(origin), headers: upgradeHeaders(head.headers, origin) });
      setDeadlines(request, { connectTimeoutMs: CONNECT_TIMEOUT_MS, timeoutMs: options.timeoutMs });
      request.once("error", (error) => {
        refuse(socket, error);
        resolve(undefined);
      });
      request.once("upgrade", (answer, remote, remoteBytes) => {
        remote.setTimeout(0);
        join({ socket, firstBytes }, { remote, remoteBytes }, answer);
        resolve(answer.statusCode);
      });
      request.once("response", (answer) => {
        pass(socket, answer);
        resolve(answer.statusCode);
      });
      socket.once("close", () => request.destroy());
      request.end();
    });
}

/** The client's lines, less those of its connection, with the origin's Host and the upgrade it asked for. */
function upgradeHeaders(headers: RawHeaders, origin: string): string[] {
  const kept = endToEnd(headers, ENDING_HERE);
  const [protocol = "websocket"] = headerValues(headers, "upgrade");
  return ["Host", new URL(origin).host, ...kept, "Connection", "Upgrade", "Upgrade", protocol];
}

interface Client {
  readonly socket: Duplex;
  readonly firstBytes: Buffer;
}

interface Gateway {
  readonly remote: Duplex;
  readonly remoteBytes: Buffer;
}

function join({ socket, firstBytes }: Client, { remote, remoteBytes }: Gateway, answer: IncomingMessage): void {
  socket.write(headOf(answer, answer.rawHeaders));
  if (remoteBytes.length > 0) socket.write(remoteBytes);
  if (firstBytes.length > 0) remote.write(firstBytes);
  remote.on("error", () => undefined).once("close", () => socket.destroy());
  socket.once("close", () => remote.destroy());
  socket.pipe(remote);
  remote.pipe(socket);
}

/** The gateway did not change protocol: its answer goes back whole, and the connection ends with it. */
function pass(socket: Duplex, answer: IncomingMessage): void {
  socket.write(headOf(answer, [...endToEnd(answer.rawHeaders), "Connection", "close"]));
  answer.once("error", () => socket.destroy()).pipe(socket);
}

function headOf({ statusCode = 502, statusMessage }: IncomingMessage, headers: RawHeaders): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ""}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function refuse(socket: Duplex, error: Error): void {
  const { kind, detail } = describeFailure(error);
  const body = `the gateway could not be reached: ${detail}\n`;
  const status = kind === "timeout" ? 504 : 502;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, "content-type: text/plain; charset=utf-8", "connection: close"];
  socket.end(`${lines.join("\r\n")}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
