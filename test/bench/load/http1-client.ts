/** One HTTP/1.1 connection of the load: sends a call, waits for the whole answer, sends the next; connects again when it is closed. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Order, OrderedCall } from "./order.ts";
import type { Tally } from "./tally.ts";

export interface Client {
  /** Sends one call and resolves when it is over, however it ended. */
  send(call: OrderedCall): Promise<void>;
  close(): void;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");
const RECONNECT_MS = 5;

/** The call on its way. */
interface Flight {
  readonly call: OrderedCall;
  readonly startedAtMs: number;
  readonly done: () => void;
}

export function createHttp1Client(order: Order, tally: Tally): Client {
  const bytes = new Map<OrderedCall, Buffer>(order.calls.map((call) => [call, bytesOf(call, new URL(order.origin).host)]));
  let socket: Socket | undefined;
  let flight: Flight | undefined;
  let seen: Buffer = Buffer.alloc(0);

  const finish = (book: (flight: Flight) => void): void => {
    const finished = flight;
    flight = undefined;
    seen = Buffer.alloc(0);
    if (finished === undefined) return;
    book(finished);
    finished.done();
  };
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const headBytes = seen.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    if (headBytes < END_OF_HEAD.length) return;
    const head = seen.toString("latin1", 0, headBytes);
    if (!isWhole(head, seen, headBytes)) return;
    if (/\r\nconnection: *close\r\n/i.test(head)) dropSocket();
    finish(({ call, startedAtMs }) => tally.answered(call, head, performance.now() - startedAtMs));
  };
  const dropSocket = (): void => {
    socket?.removeAllListeners("close").destroy();
    socket = undefined;
  };
  const onBroken = (what: string): void => {
    socket = undefined;
    // A gateway that is down refuses at once: without a pause the load would spin.
    setTimeout(() => finish(({ call }) => tally.broken(call, what)), RECONNECT_MS);
  };
  const openSocket = (): Socket => {
    let why = "the connection was closed before the answer";
    const opened = dial(order);
    opened.setNoDelay(true).on("data", onData);
    opened.on("error", (error) => {
      why = error.message;
    });
    opened.once("close", () => onBroken(why));
    return opened;
  };
  return {
    send: (call) =>
      new Promise((done) => {
        flight = { call, startedAtMs: performance.now(), done };
        socket ??= openSocket();
        socket.write(bytes.get(call) ?? Buffer.alloc(0));
      }),
    close: dropSocket,
  };
}

function dial({ origin, ca }: Order): Socket {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol === "http:") return connect(Number(port), hostname);
  return connectTls({ host: hostname, port: Number(port), servername: "localhost", ...(ca && { ca }) });
}

function isWhole(head: string, seen: Buffer, headBytes: number): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return seen.length >= headBytes + Number(length);
  return seen.length >= LAST_CHUNK.length && seen.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

function bytesOf(call: OrderedCall, host: string): Buffer {
  const lines = Object.entries({ host, ...call.headers, "content-length": Buffer.byteLength(call.body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`${call.method} ${call.path} HTTP/1.1\r\n${head}\r\n${call.body}`);
}
