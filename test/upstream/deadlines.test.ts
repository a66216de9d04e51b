/** Bounds on outgoing requests, connecting included. */
import { once } from "node:events";
import { request } from "node:http";
import { Socket } from "node:net";
import t from "tap";
import { setDeadlines } from "../../src/upstream/deadlines.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

/** A socket that connects for ever, as to an address that nobody answers at. */
function connectingSocket(): Socket {
  return Object.defineProperty(new Socket(), "connecting", { value: true });
}

t.test("a connection that never stands ends the request", async (t) => {
  const call = request({ host: "a.example", createConnection: connectingSocket });
  setDeadlines(call, { connectTimeoutMs: 30, timeoutMs: 60_000 });
  const [error] = await once(call, "error");
  t.match(error, { code: "ETIMEDOUT", message: "no connection to the gateway within 30 ms" });
});

t.test("silence after connecting ends the request, and connecting in time is no failure", async (t) => {
  const silent = await startRawOrigin(() => undefined);
  t.teardown(() => silent.close());
  const call = request(silent.origin);
  setDeadlines(call, { connectTimeoutMs: 1000, timeoutMs: 50 });
  call.end();
  const [error] = await once(call, "error");
  t.match(error, { code: "ETIMEDOUT", message: "the gateway was silent for 50 ms" });
});

t.test("an answered request is left alone", async (t) => {
  const origin = await startRawOrigin(() => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  t.teardown(() => origin.close());
  const call = request(origin.origin);
  setDeadlines(call, { connectTimeoutMs: 20, timeoutMs: 1000 });
  call.end();
  const [answer] = await once(call, "response");
  await new Promise((resolve) => setTimeout(resolve, 40));
  t.equal(answer.errored, null);
  answer.resume();
  await once(answer, "end");
});
