/** The same over HTTP/2: one session, a stream for each call. */
import { type ClientHttp2Session, connect } from "node:http2";
import type { Client } from "./http1-client.ts";
import type { Order, OrderedCall } from "./order.ts";
import type { Tally } from "./tally.ts";

/** A client that all callers may share; without TLS it speaks HTTP/2 with prior knowledge. */
export function createHttp2Client(order: Order, tally: Tally): Client {
  const session = connect(order.origin, { servername: "localhost", ...(order.ca && { ca: order.ca }) });
  session.on("error", () => undefined);
  return { send: (call) => send(session, call, tally), close: () => session.close() };
}

function send(session: ClientHttp2Session, call: OrderedCall, tally: Tally): Promise<void> {
  return new Promise((done) => {
    const startedAtMs = performance.now();
    const stream = session.request({ ":method": call.method, ":path": call.path, ...call.headers });
    let head = "";
    stream.on("response", (headers) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      head = `HTTP/2 ${headers[":status"]}\r\n${lines.join("")}`;
    });
    stream.on("error", () => undefined);
    stream.once("close", () => {
      if (head === "") tally.broken(call, "the stream was closed before the answer");
      else tally.answered(call, head, performance.now() - startedAtMs);
      done();
    });
    stream.resume();
    stream.end(call.body);
  });
}
