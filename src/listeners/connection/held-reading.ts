/** Keeps from node:http's parser what a client sends while an earlier call of its connection is in flight. */
import type { Socket } from "node:net";

/** What node:http listens to on a connection: bytes for its parser, and the end of them. */
export interface ParserListeners {
  readonly onData: (chunk: Buffer) => void;
  readonly onEnd: () => void;
}

export interface HeldReading {
  /** From now on bytes reach the parser only while `mayFeed` holds; the others wait here, in order. */
  hold(): void;
  /** Hands the parser what waits, as far as `mayFeed` allows. */
  release(): void;
  /** Reads on and throws away what has not reached the parser, so that the client can finish sending and read its answer. */
  discard(): void;
  /** Once node:http has let go of the connection: bytes wait here, behind `firstBytes`, until `take`. */
  capture(firstBytes: Buffer): void;
  /** Lets go of the connection, paused, and gives what has waited. */
  take(): Buffer;
}

/** Reading goes on up to here, so that a client that leaves is noticed; more stays in the kernel. */
const MOST_BYTES = 64 * 1024;

interface Held {
  readonly chunks: Buffer[];
  bytes: number;
  hasEnded: boolean;
  /** False: node:http's parser gets nothing any more. */
  isFeeding: boolean;
  /** Whether node:http's own listeners are off. */
  isTakenOff: boolean;
}

/** Nothing changes on `socket` before the first call: without pipelining node:http reads the connection by itself. */
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
    // A listener for `data` also ends node:http's own way of reading past all listeners.
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

/** Hands over what waits while `may` holds; the end comes last. */
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

/** node:http pauses a connection whose answers the client does not read, and takes no bytes meanwhile. */
function isPaused(socket: Socket): boolean {
  return Reflect.get(socket, "_paused") === true;
}
