/** The exchange lane's connections: opened when a call needs one, kept while idle, and used by one call at a time. */
import type { Destination, GoneSignal } from "../ports/ports.ts";
import type { Connection } from "./connection.ts";
import type { Dial } from "./dial.ts";
import { createHttp1Connection } from "./http1-connection.ts";
import { createHttp2Connection } from "./http2-connection.ts";

export interface Connections {
  /** An idle connection to the destination; undefined: one must be opened. */
  take(destination: Destination): Connection | undefined;
  /** A new connection. Rejects as `Dial` does. */
  open(destination: Destination, signal: GoneSignal): Promise<Connection>;
  /** Gives back a connection whose answer has come whole. Any other is destroyed by whoever gave it up. */
  release(destination: Destination, connection: Connection): void;
  /** Closes all connections once their calls have ended; no calls may follow. */
  close(): Promise<void>;
}

/** Idle connections by origin; the one used last is used first, so that the others may end. */
type Idle = Map<string, Connection[]>;

/** None open yet. An answer's head may have `maxHeadBytes`. */
export function createConnections(dial: Dial, maxHeadBytes: number): Connections {
  const idle: Readonly<Record<Destination["protocol"], Idle>> = { http1: new Map(), http2: new Map() };
  const open = new Set<Connection>();
  let onLastClosed: (() => void) | undefined;
  const forget = ({ origin, protocol }: Destination, connection: Connection): void => {
    open.delete(connection);
    const kept = idle[protocol].get(origin)?.filter((other) => other !== connection) ?? [];
    // Origins come and go: a tunnel's port is the client's to choose.
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
