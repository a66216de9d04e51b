/** One call on the wire, the same for HTTP/1 and HTTP/2: its head, its body, and where the answer goes. */
import type { Readable, Writable } from "node:stream";
import type { RawHeaders, RequestHead } from "../../http/message.ts";

export interface Wire {
  readonly head: RequestHead;
  /** The request body as it comes, without transfer coding; paused until read. */
  readonly body: Readable;
  /** Whether a body may follow the head at all. */
  readonly hasBody: boolean;
  /** Where the answer's body goes once `respond` has sent the head; its `close` event is the end of the call, or of the client. */
  readonly out: Writable;
  /** Calls `listener` when the client closes its sending side after the whole request; to be called once. */
  onClientEnd(listener: () => void): void;
  /** Sends the answer's head; lines that belong to one connection must be gone from `headers`. To be called once. */
  respond(status: number, headers: RawHeaders): void;
  /** Sends the whole body of an answer, and ends it. */
  send(body: Buffer): void;
  /** Whether the head of an answer has been sent. */
  hasResponded(): boolean;
  /** Breaks the call off: a TCP reset, or the stream's own on a shared HTTP/2 connection. */
  reset(): void;
  /** Ends the connection (the stream, on HTTP/2) after what has been written so far. */
  end(): void;
}
