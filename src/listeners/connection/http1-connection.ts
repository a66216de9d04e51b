/** One HTTP/1 connection: runs its calls one at a time; later ones wait for the answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Arrival } from "../../ports/ports.ts";
import { createHeldReading, type HeldReading, type ParserListeners } from "./held-reading.ts";

/** A request and its answer. */
export interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse<IncomingMessage>;
}

export interface Http1Connection {
  readonly arrival: Arrival;
  readonly socket: Socket;
  readonly reading: HeldReading;
  readonly waiting: Waiting[];
  /** The latest started call, answered or not. */
  latest: Exchanged | undefined;
  isBusy: boolean;
  /** No more calls are accepted; the connection ends with the answer to the call in flight. */
  isClosing: boolean;
  /** Whether bytes ever arrived while a call was in flight. */
  isHeld: boolean;
  hasClientEnded: boolean;
  /** When the last call ended, or the connection started; steady milliseconds. */
  idleSinceMs: number;
  tellEnd: (() => void) | undefined;
}

interface Waiting {
  /** Undefined for a takeover and a refusal. */
  readonly exchanged: Exchanged | undefined;
  readonly run: () => void;
}

/** `parser`: node:http's listeners on `socket`. */
export function createHttp1Connection(socket: Socket, arrival: Arrival, parser: ParserListeners): Http1Connection {
  const connection: Http1Connection = {
    arrival,
    socket,
    reading: createHeldReading(socket, parser, () => !connection.isBusy || isComing(connection)),
    waiting: [],
    latest: undefined,
    isBusy: false,
    isClosing: false,
    isHeld: false,
    hasClientEnded: false,
    idleSinceMs: performance.now(),
    tellEnd: undefined,
  };
  socket.once("end", () => {
    connection.hasClientEnded = true;
    connection.tellEnd?.();
  });
  return connection;
}

/** Runs a call now, or after all earlier ones have been answered; never, when the connection ends first. */
export function runCall(connection: Http1Connection, exchanged: Exchanged, run: () => void): void {
  startOrWait(connection, { exchanged, run });
  if (connection.isHeld) connection.reading.hold();
}

/** Same for a takeover of the connection after node:http has released it; `run` gets the bytes after its request. */
export function runTakeover(connection: Http1Connection, firstBytes: Buffer, run: (firstBytes: Buffer) => void): void {
  const { socket, reading } = connection;
  if (connection.isClosing) return;
  if (!connection.isBusy && !connection.isHeld) {
    connection.isBusy = true;
    run(firstBytes);
    return;
  }
  reading.capture(firstBytes);
  // node:http no longer does either: an `error` event without a listener would end the process, and the call in flight would not be told that the client reads.
  socket.on("error", () => undefined).on("drain", () => connection.latest?.response.emit("drain"));
  startOrWait(connection, { exchanged: undefined, run: () => run(reading.take()) });
}

/** Same for the refusal of an invalid request, after which the connection ends; does not wait for a call whose body is refused. */
export function runRefusal(connection: Http1Connection, run: () => void): void {
  connection.reading.discard();
  if (isComing(connection)) run();
  else startOrWait(connection, { exchanged: undefined, run });
}

/** Reads only the rest of the call in flight; its answer ends the connection. */
export function readNoMore(connection: Http1Connection): void {
  connection.isClosing = true;
  connection.waiting.length = 0;
  connection.reading.discard();
}

/** Ends an idle connection immediately, and a busy one with the answer to its call. */
export function stopConnection(connection: Http1Connection): void {
  const { latest, socket } = connection;
  if (!connection.isBusy) {
    socket.destroy();
    return;
  }
  if (latest?.response.headersSent === false) latest.response.shouldKeepAlive = false;
  connection.isClosing = true;
  connection.waiting.length = 0;
  if (!isComing(connection)) connection.reading.discard();
}

/** Calls `listener` when the client half-closes, for the current call. */
export function onClientEnd(connection: Http1Connection, listener: () => void): void {
  connection.tellEnd = listener;
  if (connection.hasClientEnded) listener();
}

/** Whether a part of the latest request is still missing. */
export function isComing({ latest }: Http1Connection): boolean {
  return latest !== undefined && !latest.request.complete;
}

function startOrWait(connection: Http1Connection, entry: Waiting): void {
  if (connection.isClosing) return;
  if (!connection.isBusy && connection.waiting.length === 0) {
    start(connection, entry);
    return;
  }
  connection.waiting.push(entry);
  connection.isHeld = true;
}

function start(connection: Http1Connection, { exchanged, run }: Waiting): void {
  connection.isBusy = true;
  connection.tellEnd = undefined;
  if (exchanged !== undefined) {
    connection.latest = exchanged;
    exchanged.response.on("close", () => goOn(connection));
  }
  run();
}

/** The call in flight was answered, or its connection broke. */
function goOn(connection: Http1Connection): void {
  const { socket, waiting, reading } = connection;
  connection.isBusy = false;
  connection.idleSinceMs = performance.now();
  if (!socket.writable || connection.isClosing) {
    waiting.length = 0;
    socket.destroySoon();
    return;
  }
  const following = waiting.shift();
  if (following !== undefined) start(connection, following);
  if (connection.isHeld) reading.release();
}
