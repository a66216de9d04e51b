/** One call on the wire, the same for HTTP/1 and HTTP/2: its head, its body, and where the answer goes. */
import type { Readable, Writable } from "node:stream";
import type { RawHeaders, RequestHead } from "../../http/message.ts";
import type { DeliveryEnd } from "../../ports/ports.ts";

export interface Wire {
  readonly head: RequestHead;
  /** The request body as it comes, without transfer coding; paused until read. */
  readonly body: Readable;
  /** Whether a body may follow the head at all. */
  readonly hasBody: boolean;
  /** Body bytes of the answer that were handed to the connection piece by piece. */
  sentBytes: number;
  /** Length of a body that is sent in one go; undefined: it is not. */
  wholeBytes: number | undefined;
  /** `reset` or `end` was called. */
  isBrokenOff: boolean;
  /** Where the answer's body goes once `respond` has sent the head; its `close` event is the end of the call, or of the client. */
  readonly out: Writable;
  /** Calls `listener` when the client closes its sending side after the whole request; to be called once. */
  onClientEnd(listener: () => void): void;
  /** Sends the answer's head; lines that belong to one connection must be gone from `headers`. To be called once. */
  respond(status: number, headers: RawHeaders): void;
  /** Sends the whole body of an answer, and ends it. */
  send(body: Buffer): void;
  /** Whether all of an answer has been handed to the system. */
  hasDelivered(): boolean;
  /** Whether the head of an answer has been sent. */
  hasResponded(): boolean;
  /** Breaks the call off: a TCP reset, or the stream's own on a shared HTTP/2 connection. */
  reset(): void;
  /** Ends the connection (the stream, on HTTP/2) after what has been written so far. */
  end(): void;
}

/** How the delivery of an answer ended, once `out` has closed. */
export function endOf(wire: Wire): DeliveryEnd {
  if (wire.isBrokenOff) return wire.hasResponded() ? "cut" : "nothing";
  return wire.hasDelivered() ? "whole" : "aborted";
}

/** Body bytes sent; undefined where a body that was sent in one go broke off. */
export function sentBytesOf({ sentBytes, wholeBytes }: Wire, end: DeliveryEnd): number | undefined {
  if (end === "whole") return wholeBytes ?? sentBytes;
  return wholeBytes === undefined ? sentBytes : undefined;
}
