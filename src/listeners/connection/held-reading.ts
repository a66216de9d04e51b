/** Holds back bytes from node:http's parser while an earlier call of the same connection is in flight. */
import type { Socket } from "node:net";

/** node:http's listeners on a connection: for bytes and for their end. */
export interface ParserListeners {
  readonly onData: (chunk: Buffer) => void;
  readonly onEnd: () => void;
}

export interface HeldReading {
  /** From now on bytes reach the parser only while `mayFeed` returns true; other bytes are buffered in order. */
  hold(): void;
  /** Passes buffered bytes to the parser while `mayFeed` returns true. */
  release(): void;
  /** Keeps reading and discards bytes that have not reached the parser, so that the client can finish sending and read its answer. */
  discard(): void;
  /** After node:http has released the connection: buffers bytes, after `firstBytes`, until `take`. */
  capture(firstBytes: Buffer): void;
  /** Releases the connection, paused, and returns the buffered bytes. */
  take(): Buffer;
}

/** Reading continues up to this size, so that a disconnect is noticed; more bytes stay in the kernel. */
const MOST_BYTES = 64 * 1024;

interface Held {
  readonly chunks: Buffer[];
  bytes: number;
  hasEnded: boolean;
  /** False: node:http's parser receives no more bytes. */
  isFeeding: boolean;
  /** Whether node:http's own listeners are removed. */
  isTakenOff: boolean;
}

/** Changes nothing on `socket` before the first call: without pipelining node:http reads the connection itself. */
export function createHeldReading(socket: Socket, parser: ParserListeners, mayFeed: () => boolean): HeldReading {
  const held: Held = { chunks: [], bytes: 0, hasEnded: false, isFeeding: true, isTakenOff: false };
  const release = (): void => {
    if (held.isFeeding) feed(held, parser, () => mayFeed() && !isPaused(socket));
    if (held.bytes < MOST_BYTES && !isPaused(socket)) socket.resume();
  };
  const onData = (chunk: Buffer): void => {
    held.chunks.push(chunk);
    held.bytes += chunk.length;
    release();
    if (held.bytes >= MOST_BYTES) socket.pause();
  };
  const onEnd = (): void => {
    held.hasEnded = true;
    release();
  };
  const takeOff = (): void => {
    if (held.isTakenOff) return;
    held.isTakenOff = true;
    // A listener for `data` also disables node:http's own way of reading, which bypasses listeners.
    socket.on("data", onData).on("end", onEnd).on("drain", release);
    socket.off("data", parser.onData).off("end", parser.onEnd);
  };
  const letGo = (): void => void socket.off("data", onData).off("end", onEnd).off("drain", release);
  return {
    hold: takeOff,
    release,
    discard() {
      takeOff();
      letGo();
      held.chunks.length = 0;
      held.isFeeding = false;
      socket.on("data", () => undefined);
    },
    capture(firstBytes) {
      takeOff();
      held.isFeeding = false;
      if (firstBytes.length > 0) held.chunks.unshift(firstBytes);
    },
    take() {
      letGo();
      socket.pause();
      return Buffer.concat(held.chunks.splice(0));
    },
  };
}

/** Passes buffered bytes on while `may` returns true, and finally the end. */
function feed(held: Held, parser: ParserListeners, may: () => boolean): void {
  while (held.isFeeding && held.chunks.length > 0 && may()) {
    const [chunk = Buffer.alloc(0)] = held.chunks.splice(0, 1);
    held.bytes -= chunk.length;
    parser.onData(chunk);
  }
  if (held.isFeeding && held.hasEnded && held.chunks.length === 0 && may()) {
    held.isFeeding = false;
    parser.onEnd();
  }
}

/** node:http pauses a connection whose client does not read its answers. */
function isPaused(socket: Socket): boolean {
  return Reflect.get(socket, "_paused") === true;
}
