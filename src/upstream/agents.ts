/** The connections of the stream lane: keep-alive agents of node:http whose connections are dialled as every lane's are. */
import { Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dial } from "./dial.ts";
import { codedError } from "./failure.ts";

type Connected = (error: Error | null, socket: Duplex) => void;

/** The agent for an origin; its idle sockets do not keep the process alive. A request's `signal` reaches the dialling. */
export function createAgents(dial: Dial): (origin: string) => PlainAgent {
  const secure = dialWith(new SecureAgent({ keepAlive: true }), "https", dial);
  const plain = dialWith(new PlainAgent({ keepAlive: true }), "http", dial);
  return (origin) => (origin.startsWith("https:") ? secure : plain);
}

/** Node takes a socket that comes later through the callback. */
function dialWith<A extends PlainAgent>(agent: A, scheme: "http" | "https", dial: Dial): A {
  agent.createConnection = (target, connected?: Connected) => {
    const host = target.host ?? "";
    const origin = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${target.port}`;
    const gone = "signal" in target && target.signal instanceof AbortSignal ? target.signal : new AbortController().signal;
    dial({ origin, protocol: "http1" }, gone).then(
      (socket) => connected?.(null, socket),
      // Node looks at the socket only where there is no error.
      (error: unknown) => connected?.(error instanceof Error ? error : codedError("ECONNRESET", String(error)), new Socket()),
    );
    return undefined;
  };
  return agent;
}
