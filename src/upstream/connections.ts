/** The exchange lane's connection pool: opens connections on demand, keeps idle ones, and runs one call per connection at a time. */
import type { Destination, GoneSignal } from "../ports/ports.ts";
import type { Connection } from "./connection.ts";
import type { Dial } from "./dial.ts";
import { createHttp1Connection } from "./http1-connection.ts";
import { createHttp2Connection } from "./http2-connection.ts";

export interface Connections {
  /** An idle connection to the destination; undefined when one must be opened. */
  take(destination: Destination): Connection | undefined;
  /** Opens a new connection. Rejects like `Dial`. */
  open(destination: Destination, signal: GoneSignal): Promise<Connection>;
  /** Returns a connection to the pool after its answer was received completely. In any other case the caller destroys it. */
  release(destination: Destination, connection: Connection): void;
  /** Closes all connections after their calls; no calls may follow. */
  close(): Promise<void>;
}

/** Idle connections by origin; the most recently used one is reused first, so that the others can expire. */
type Idle = Map<string, Connection[]>;

/** Creates an empty pool. `maxHeadBytes` limits the head of an answer. */
export function createConnections(dial: Dial, maxHeadBytes: number): Connections {
  const idle: Readonly<Record<Destination["protocol"], Idle>> = { http1: new Map(), http2: new Map() };
  const open = new Set<Connection>();
  let onLastClosed: (() => void) | undefined;
  const forget = ({ origin, protocol }: Destination, connection: Connection): void => {
    open.delete(connection);
    const kept = idle[protocol].get(origin)?.filter((other) => other !== connection) ?? [];
    // Origins vary without bound: the client chooses the port of a tunnel.
    if (kept.length === 0) idle[protocol].delete(origin);
    else idle[protocol].set(origin, kept);
    if (open.size === 0) onLastClosed?.();
  };
  return {
    take({ origin, protocol }) {
      const waiting = idle[protocol].get(origin);
      for (let next = waiting?.pop(); next !== undefined; next = waiting?.pop()) if (next.isReusable()) return next;
      return undefined;
    },
    async open(destination, signal) {
      const socket = await dial(destination, signal);
      const speaksHttp2 = "alpnProtocol" in socket && socket.alpnProtocol === "h2";
      const connection = (speaksHttp2 ? createHttp2Connection : createHttp1Connection)(socket, destination.origin, maxHeadBytes);
      open.add(connection);
      connection.onClosed(() => forget(destination, connection));
      return connection;
    },
    release({ origin, protocol }, connection) {
      if (onLastClosed !== undefined || !connection.isReusable()) return connection.destroy();
      const waiting = idle[protocol].get(origin);
      if (waiting === undefined) idle[protocol].set(origin, [connection]);
      else waiting.push(connection);
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        onLastClosed = resolve;
      });
      const waiting = [...idle.http1.values(), ...idle.http2.values()].flat();
      for (const connection of waiting) connection.destroy();
      if (open.size > 0) await closed;
    },
  };
}
