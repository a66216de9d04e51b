/** What the parts of the front door share: limits, the events they tell of, and how a connection becomes an Arrival. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { RequestHead } from "../../http/message.ts";
import type { Arrival } from "../../ports/ports.ts";
import type { Wire } from "../wire/wire.ts";

/** Bounds for clients that are slow, silent, large or many; times in milliseconds. */
export interface DoorLimits {
  /** From a connection's start, or a request's first byte, to the end of its head; also for a TLS handshake. */
  readonly headTimeoutMs: number;
  /** From a request's first byte to the end of its body. */
  readonly requestTimeoutMs: number;
  /** How long a connection may idle between two requests. */
  readonly idleTimeoutMs: number;
  /** How long a client may take no byte of an answer that waits for it. */
  readonly writeTimeoutMs: number;
  /** Largest request head in bytes. */
  readonly headBytes: number;
  /** Most connections of one listening address at a time; further ones are dropped. */
  readonly connections: number;
  /** Most calls at a time on one HTTP/2 connection. */
  readonly streams: number;
}

export const defaultLimits: DoorLimits = {
  headTimeoutMs: 20_000,
  requestTimeoutMs: 300_000,
  idleTimeoutMs: 60_000,
  writeTimeoutMs: 60_000,
  headBytes: 16 * 1024,
  connections: 10_000,
  streams: 128,
};

/** What the door saw that never became a call; `detail` is for a person. */
export type DoorEvent =
  /** A TLS handshake failed: mostly a client that does not trust the CA. */
  | { readonly kind: "handshake"; readonly remoteAddress: string; readonly serverName: string | undefined; readonly detail: string }
  /** A request that is no sound HTTP; it was refused and its connection closed. */
  | { readonly kind: "malformed"; readonly remoteAddress: string; readonly detail: string }
  /** A CONNECT: intercepted, tunnelled elsewhere, refused, or failed on the way to its target. */
  | {
      readonly kind: "connect";
      readonly remoteAddress: string;
      readonly target: string;
      readonly outcome: "intercepted" | "tunnelled" | "refused" | "failed";
      readonly detail: string;
    }
  /** A connection over the limit was dropped. */
  | { readonly kind: "dropped"; readonly remoteAddress: string }
  /** A client took no byte of its answer for the whole write time-out; the connection, or the stream of HTTP/2, was broken off. */
  | { readonly kind: "stalled"; readonly remoteAddress: string };

export type OnDoorEvent = (event: DoorEvent) => void;

/** What is done with a call, whichever way it came. */
export type OnCall = (wire: Wire, arrival: Arrival) => void;

/** A request to go on in another protocol (RFC 9110 §7.8) on a connection that node:http has let go of. */
export interface Upgrade {
  readonly head: RequestHead;
  readonly socket: Socket;
  /** What the client sent right after the head. */
  readonly firstBytes: Buffer;
  readonly arrival: Arrival;
}

export type OnUpgrade = (upgrade: Upgrade) => void;

/** Lets a connection in whose first bytes are yet to be read; `tunnelTo` is the CONNECT target it came through. */
export type Enter = (socket: Socket, tunnelTo: string | undefined) => void;

/** The connection as the core sees it. */
export function arrivalOf(socket: Socket, tunnelTo: string | undefined, isHttp2: boolean): Arrival {
  const encrypted = socket instanceof TLSSocket;
  const direct = isHttp2 ? "http2" : encrypted ? "https" : "http";
  return {
    way: tunnelTo === undefined ? direct : "connect",
    // A dual-stack socket gives IPv4 addresses as `::ffff:10.0.0.1`.
    remoteAddress: (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, ""),
    localPort: socket.localPort ?? 0,
    serverName: encrypted ? serverNameOf(socket) : undefined,
    tunnelTo,
  };
}

/** The server name a client asked for (SNI), which Node gives as false or null where there was none. */
export function serverNameOf(socket: TLSSocket): string | undefined {
  const name: unknown = Reflect.get(socket, "servername");
  return typeof name === "string" && name !== "" ? name : undefined;
}
