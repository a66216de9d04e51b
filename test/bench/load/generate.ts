/** The load process: carries out one order (its argument, as JSON) and prints the result. */
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createHttp1Client } from "./http1-client.ts";
import { createHttp2Client } from "./http2-client.ts";
import { type Order, orderShape } from "./order.ts";
import { createTally } from "./tally.ts";

const order = orderShape.parse(JSON.parse(process.argv[2] ?? "{}"));
const tally = createTally();
const startedAtMs = performance.now();
const untilMs = startedAtMs + order.seconds * 1000;
const clients = makeClients(order);
await Promise.all(clients.map((client, at) => drive(client, at)));
const seconds = (performance.now() - startedAtMs) / 1000;
for (const client of clients) client.close();
process.stdout.write(`${JSON.stringify(tally.result(seconds))}\n`);
// An HTTP/2 session may outlast its close.
process.exit();

function makeClients(given: Order): readonly Client[] {
  const shared = given.protocol === "http2" ? createHttp2Client(given, tally) : undefined;
  return Array.from({ length: given.connections }, () => shared ?? createHttp1Client(given, tally));
}

/** Each client begins at another of the calls; with a rate each keeps to its own timetable, and waits for no other. */
async function drive(client: Client, at: number): Promise<void> {
  const stepMs = order.rate === undefined ? 0 : (1000 * order.connections) / order.rate;
  let dueMs = startedAtMs + (stepMs * at) / order.connections;
  for (let turn = at; performance.now() < untilMs; turn += 1) {
    const call = order.calls[turn % order.calls.length];
    if (call === undefined) return;
    dueMs += stepMs;
    if (dueMs - performance.now() > 1) await delay(dueMs - performance.now());
    await client.send(call);
  }
}
