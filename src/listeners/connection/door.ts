/** Types shared by the listeners: limits, events, and the conversion of a connection to an Arrival. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { RequestHead } from "../../http/message.ts";
import type { Arrival } from "../../ports/ports.ts";
import type { Wire } from "../wire/wire.ts";

/** Limits for clients that are slow, silent, large or many; times in milliseconds. */
export interface DoorLimits {
  /** From a connection's start, or a request's first byte, to the end of its head; also for a TLS handshake. */
  readonly headTimeoutMs: number;
  /** From a request's first byte to the end of its body. */
  readonly requestTimeoutMs: number;
  /** How long a connection may be idle between two requests. */
  readonly idleTimeoutMs: number;
  /** How long a client may read nothing while answer bytes are pending. */
  readonly writeTimeoutMs: number;
  /** Largest request head in bytes. */
  readonly headBytes: number;
  /** Maximum number of connections per listening address; further ones are dropped. */
  readonly connections: number;
  /** Maximum number of concurrent calls on one HTTP/2 connection. */
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

/** A listener's event that never became a call; `detail` is for people. */
export type DoorEvent =
  /** A TLS handshake failed, usually because the client does not trust the CA. */
  | { readonly kind: "handshake"; readonly remoteAddress: string; readonly serverName: string | undefined; readonly detail: string }
  /** An invalid HTTP request; it was refused and its connection closed. */
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
  /** A client read no byte of its answer during the write timeout; its connection, or its HTTP/2 stream, was closed. */
  | { readonly kind: "stalled"; readonly remoteAddress: string };

export type OnDoorEvent = (event: DoorEvent) => void;

/** Handles a call, independent of its protocol. */
export type OnCall = (wire: Wire, arrival: Arrival) => void;

/** A request to switch to another protocol (RFC 9110 §7.8) on a connection that node:http has released. */
export interface Upgrade {
  readonly head: RequestHead;
  readonly socket: Socket;
  /** Bytes that the client sent directly after the head. */
  readonly firstBytes: Buffer;
  readonly arrival: Arrival;
}

export type OnUpgrade = (upgrade: Upgrade) => void;

/** Accepts a connection whose first bytes are unread; `tunnelTo` is the CONNECT target of its tunnel. */
export type Enter = (socket: Socket, tunnelTo: string | undefined) => void;

/** Converts a connection to the core's type. */
export function arrivalOf(socket: Socket, tunnelTo: string | undefined, isHttp2: boolean): Arrival {
  const encrypted = socket instanceof TLSSocket;
  const direct = isHttp2 ? "http2" : encrypted ? "https" : "http";
  return {
    way: tunnelTo === undefined ? direct : "connect",
    // A dual-stack socket reports IPv4 addresses as `::ffff:10.0.0.1`.
    remoteAddress: (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, ""),
    localPort: socket.localPort ?? 0,
    serverName: encrypted ? serverNameOf(socket) : undefined,
    tunnelTo,
  };
}

/** The server name requested by a client (SNI); Node reports false or null when there was none. */
export function serverNameOf(socket: TLSSocket): string | undefined {
  const name: unknown = Reflect.get(socket, "servername");
  return typeof name === "string" && name !== "" ? name : undefined;
}
