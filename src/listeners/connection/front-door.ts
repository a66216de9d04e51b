/** The listeners' single entry point: on every address, a connection's first byte determines its protocol, and all protocols lead to the same handler. */

import { createServer, type Server, type Socket } from "node:net";
import type { Bound } from "../../net/own-addresses.ts";
import type { Certificates } from "../certificates/certificates.ts";
import { type DoorLimits, defaultLimits, type Enter, type OnCall, type OnDoorEvent, type OnUpgrade } from "./door.ts";
import { createHttp1Door, type OnConnect } from "./http1-door.ts";
import { createHttp2Door } from "./http2-door.ts";
import { sniff } from "./sniff.ts";
import { socketMark, watchStalled } from "./stalled.ts";
import { createTlsDoor } from "./tls-door.ts";

export interface FrontDoorOptions {
  readonly certificates: Certificates;
  readonly onCall: OnCall;
  /** Called with the function that accepts a connection, for tunnels to be intercepted. */
  readonly createOnConnect: (enter: Enter) => OnConnect;
  /** Takes over WebSocket connections; undefined: such requests are handled as ordinary ones. */
  readonly onUpgrade?: OnUpgrade;
  readonly limits?: Partial<DoorLimits>;
  readonly onEvent?: OnDoorEvent;
  /** Aborted when stopping begins, so that calls that only wait for a rule end immediately. */
  readonly halt?: AbortController;
}

export interface FrontDoor {
  /** Listens on one more address; port 0 uses any free one. Rejects with the system's error (`EADDRINUSE`, `EACCES` …). */
  listen(address: Bound): Promise<Bound>;
  /**
   * Accepts no more connections and calls. Immediately closes idle connections and resets calls that a rule delays or leaves without an answer.
   * Calls in flight end, and clients read their answers, within `graceMs`; remaining connections are then destroyed (tunnels, clients that do not read).
   */
  stop(graceMs: number): Promise<void>;
}

/** Creates a listener without addresses. */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const limits = { ...defaultLimits, ...options.limits };
  const onEvent = options.onEvent ?? (() => undefined);
  const { onCall, certificates } = options;
  const http2 = createHttp2Door({ limits, onCall, onEvent });
  const http1 = createHttp1Door({ limits, onCall, onEvent, onConnect: (...call) => onConnect(...call), onUpgrade: options.onUpgrade });
  const tls = createTlsDoor({
    certificates,
    handshakeTimeoutMs: limits.headTimeoutMs,
    onEvent,
    // Connections inside TLS are not sniffed: a client that offers no protocol uses HTTP/1.1.
    onSecure: (socket, tunnelTo) => (socket.alpnProtocol === "h2" ? http2 : http1).enter(socket, tunnelTo),
  });
  const doors = { tls, http1, http2 };
  const silent = new Set<Socket>();
  const enter: Enter = (socket, tunnelTo) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
    sniff(socket, limits.headTimeoutMs, (speech) => {
      silent.delete(socket);
      doors[speech].enter(socket, tunnelTo);
    });
  };
  const onConnect = options.createOnConnect(enter);
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const endWatch = watchReaders(sockets, limits.writeTimeoutMs, onEvent);
  return {
    async listen(address) {
      const server = createListener(limits, sockets, onEvent);
      server.on("connection", (socket) => enter(socket, undefined));
      servers.push(server);
      return await bind(server, address);
    },
    async stop(graceMs) {
      const closed = servers.map(close);
      options.halt?.abort();
      http1.stop();
      http2.stop();
      destroyAll(silent);
      const timer = setTimeout(() => destroyAll(sockets), graceMs);
      await Promise.all(closed);
      clearTimeout(timer);
      endWatch();
    },
  };
}

/** All protocols, also tunnels, use these sockets. */
function watchReaders(sockets: Set<Socket>, timeoutMs: number, onEvent: OnDoorEvent): () => void {
  return watchStalled(() => sockets, {
    timeoutMs,
    mark: socketMark,
    onStalled(socket) {
      onEvent({ kind: "stalled", remoteAddress: socket.remoteAddress ?? "" });
      socket.resetAndDestroy();
    },
  });
}

function createListener(limits: DoorLimits, sockets: Set<Socket>, onEvent: OnDoorEvent): Server {
  // As in node:http: clients may half-close after a request, and small answers are sent immediately.
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.maxConnections = limits.connections;
  server.on("drop", (drop) => onEvent({ kind: "dropped", remoteAddress: drop?.remoteAddress ?? "" }));
  server.on("connection", (socket) => {
    sockets.add(socket);
    // The owner of the connection is notified by `close`; an `error` event without a listener would end the process.
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  });
  return server;
}

function bind(server: Server, { host, port }: Bound): Promise<Bound> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? { host: bound.address, port: bound.port } : { host, port });
    });
  });
}

/** Resolves when the server's last connection has ended; a server that never listened counts as closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function destroyAll(sockets: Set<Socket>): void {
  for (const socket of sockets) socket.destroy();
}
