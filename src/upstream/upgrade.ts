/** The stream lane for upgrades: forwards the head unchanged, then joins both connections as byte streams. */
import { type ClientRequest, request as httpRequest, type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { headerValues } from "../http/headers.ts";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { RawHeaders, RequestHead } from "../http/message.ts";
import type { StreamResult } from "../ports/ports.ts";
import { createCountdown } from "./deadlines.ts";
import type { LaneOptions } from "./dial.ts";
import { codedError, describeFailure } from "./failure.ts";
import { GONE } from "./flight.ts";

export interface UpgradeCall {
  readonly head: RequestHead;
  /** The client's connection, detached from any HTTP parser. */
  readonly socket: Duplex;
  /** Bytes that the client sent directly after its head. */
  readonly firstBytes: Buffer;
  /** `https://host[:port]`. */
  readonly origin: string;
}

/** Resolves when the connections are joined (101), another answer has been sent completely, or the call failed. Never rejects. */
export type UpgradeLane = (call: UpgradeCall) => Promise<StreamResult>;

/** Further bytes stay in the client's connection until the gateway has answered. */
const MOST_EARLY_BYTES = 64 * 1024;
/** The request is sent without a body, so headers that announce one are removed. */
const ENDING_HERE = endingHere("host", "content-length", "expect");

/** Every upgrade has its own connection, which is never reused. */
export function createUpgradeLane(options: LaneOptions): UpgradeLane {
  return (call) => new Promise((resolve) => carry(call, options, resolve));
}

function carry(call: UpgradeCall, options: LaneOptions, resolve: (result: StreamResult) => void): void {
  const { socket } = call;
  const cancelling = new AbortController();
  let begun = false;
  const end = (result: StreamResult): void => {
    countdown.end();
    resolve(result);
  };
  const fail = (error: unknown): void => {
    if (begun) socket.destroy();
    end({ kind: "failed", failure: cancelling.signal.aborted ? GONE : describeFailure(error), begun });
  };
  const request = openRequest(call, options, cancelling.signal);
  const countdown = createCountdown(options.timeoutMs, () =>
    request.destroy(codedError("ETIMEDOUT", `the answer was not whole after ${options.timeoutMs} ms`)),
  );
  const cancel = (): void => {
    cancelling.abort();
    request.destroy();
  };
  const client = watchClient(call, () => request.socket === null && cancel());
  request.once("socket", countdown.start).once("error", fail);
  request.once("upgrade", (answer, remote, remoteBytes) => {
    join({ socket, firstBytes: client.stop() }, { remote, remoteBytes }, answer);
    end({ kind: "answered", status: answer.statusCode ?? 101 });
  });
  request.once("response", (answer) => {
    begun = true;
    client.stop();
    answer.once("error", fail).once("end", () => end({ kind: "answered", status: answer.statusCode ?? 502 }));
    pass(socket, answer);
  });
  socket.once("close", cancel);
  request.end();
}

/** A client's early bytes, buffered until they can be forwarded. */
interface EarlyBytes {
  /** Stops reading and returns the buffered bytes. */
  stop(): Buffer;
}

/** Keeps reading while the gateway is contacted, because a half-close of the client is only detected by reading. */
function watchClient({ socket, firstBytes }: UpgradeCall, onEnd: () => void): EarlyBytes {
  const chunks = [firstBytes];
  let bytes = firstBytes.length;
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_EARLY_BYTES) socket.pause();
  };
  socket.on("data", onData).once("end", onEnd);
  return {
    stop() {
      socket.off("data", onData).off("end", onEnd).pause();
      return Buffer.concat(chunks);
    },
  };
}

function openRequest({ origin, head }: UpgradeCall, { dial, maxHeadBytes, viaFor }: LaneOptions, signal: AbortSignal): ClientRequest {
  return httpRequest({
    method: head.method,
    path: head.path,
    headers: upgradeHeaders(head.headers, origin, viaFor?.(origin)),
    signal,
    maxHeaderSize: maxHeadBytes,
    createConnection(_target, connected) {
      dial({ origin, protocol: "http1" }, signal).then(
        (socket) => connected(null, socket),
        // Node uses the socket only when there is no error.
        (error: Error) => Reflect.apply(connected, undefined, [error]),
      );
      return undefined;
    },
  });
}

/** The client's headers without connection-specific ones, with the origin's Host and the requested upgrade. */
function upgradeHeaders(headers: RawHeaders, origin: string, via: string | undefined): string[] {
  const kept = endToEnd(headers, ENDING_HERE);
  if (via !== undefined) kept.push("Via", via);
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

/** The gateway did not change the protocol: returns its whole answer and closes the connection. */
function pass(socket: Duplex, answer: IncomingMessage): void {
  socket.write(headOf(answer, [...endToEnd(answer.rawHeaders), "Connection", "close"]));
  answer.pipe(socket);
}

function headOf({ statusCode = 502, statusMessage }: IncomingMessage, headers: RawHeaders): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ""}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
