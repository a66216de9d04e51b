/** One HTTP/1 connection: its calls run one after the other, and whatever follows a call waits for its answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Arrival } from "../../ports/ports.ts";
import { createHeldReading, type HeldReading, type ParserListeners } from "./held-reading.ts";

/** A request and the answer that belongs to it. */
export interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse<IncomingMessage>;
}

export interface Http1Connection {
  readonly arrival: Arrival;
  readonly socket: Socket;
  readonly reading: HeldReading;
  readonly waiting: Waiting[];
  /** The latest call that began, answered or not. */
  latest: Exchanged | undefined;
  isBusy: boolean;
  /** Nothing more is taken; the answer to the call in flight ends the connection. */
  isClosing: boolean;
  /** Whether anything ever came behind a call in flight. */
  isHeld: boolean;
  hasClientEnded: boolean;
  /** When the last call ended, or the connection began; steady milliseconds. */
  idleSinceMs: number;
  tellEnd: (() => void) | undefined;
}

interface Waiting {
  /** Undefined for a takeover and a refusal. */
  readonly exchanged: Exchanged | undefined;
  readonly run: () => void;
}

/** `parser`: the listeners that node:http has put on `socket`. */
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

/** Runs a call now, or once all before it have been answered; never, when the connection ends before. */
export function runCall(connection: Http1Connection, exchanged: Exchanged, run: () => void): void {
  startOrWait(connection, { exchanged, run });
  if (connection.isHeld) connection.reading.hold();
}

/** The same for what takes the connection over, once node:http has let go of it; `run` gets the bytes that came after its request. */
export function runTakeover(connection: Http1Connection, firstBytes: Buffer, run: (firstBytes: Buffer) => void): void {
  const { socket, reading } = connection;
  if (connection.isClosing) return;
  if (!connection.isBusy && !connection.isHeld) {
    connection.isBusy = true;
    run(firstBytes);
    return;
  }
  reading.capture(firstBytes);
  // node:http no longer does either: an error unheard would end the process, and the call in flight would not learn that the client reads on.
  socket.on("error", () => undefined).on("drain", () => connection.latest?.response.emit("drain"));
  startOrWait(connection, { exchanged: undefined, run: () => run(reading.take()) });
}

/** The same for the refusal of what is no request, after which the connection ends; a call whose body is refused is not waited for. */
export function runRefusal(connection: Http1Connection, run: () => void): void {
  connection.reading.discard();
  if (isComing(connection)) run();
  else startOrWait(connection, { exchanged: undefined, run });
}

/** Reads nothing more than the call in flight, whose answer ends the connection. */
export function readNoMore(connection: Http1Connection): void {
  connection.isClosing = true;
  connection.waiting.length = 0;
  connection.reading.discard();
}

/** Ends an idle connection at once, and a busy one with the answer to its call. */
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

/** Calls `listener` when the client half-closes, for the call that is in flight now. */
export function onClientEnd(connection: Http1Connection, listener: () => void): void {
  connection.tellEnd = listener;
  if (connection.hasClientEnded) listener();
}

/** Whether a part of the latest request has yet to come. */
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

/** The call in flight has been answered, or its connection has broken. */
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
