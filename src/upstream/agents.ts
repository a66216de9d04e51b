/** The keep-alive agents of the stream lane (node:http); they dial like every other lane. */
import { Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { formatAddress } from "../base/host-port.ts";
import type { Dial } from "./dial.ts";
import { codedError } from "./failure.ts";

type Connected = (error: Error | null, socket: Duplex) => void;

/** Returns the agent of an origin; its idle sockets do not keep the process alive. A request's `signal` also cancels dialling. */
export function createAgents(dial: Dial): (origin: string) => PlainAgent {
  const secure = dialWith(new SecureAgent({ keepAlive: true }), "https", dial);
  const plain = dialWith(new PlainAgent({ keepAlive: true }), "http", dial);
  return (origin) => (origin.startsWith("https:") ? secure : plain);
}

/** Delivers the socket through Node's callback, since dialling is asynchronous. */
function dialWith<A extends PlainAgent>(agent: A, scheme: "http" | "https", dial: Dial): A {
  agent.createConnection = (target, connected?: Connected) => {
    const origin = `${scheme}://${formatAddress({ host: target.host ?? "", port: Number(target.port) })}`;
    const gone = "signal" in target && target.signal instanceof AbortSignal ? target.signal : new AbortController().signal;
    dial({ origin, protocol: "http1" }, gone).then(
      (socket) => connected?.(null, socket),
      // Node uses the socket only when there is no error.
      (error: unknown) => connected?.(error instanceof Error ? error : codedError("ECONNRESET", String(error)), new Socket()),
    );
    return undefined;
  };
  return agent;
}
