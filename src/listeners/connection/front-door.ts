/** The one way in: on every address it listens on, a connection's first byte decides what it speaks, and all of them lead to the same handler. */

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
  /** Made with the way back in, for tunnels that are to be intercepted. */
  readonly createOnConnect: (enter: Enter) => OnConnect;
  /** Takes over WebSocket connections; undefined: such requests are served as if they had not asked. */
  readonly onUpgrade?: OnUpgrade;
  readonly limits?: Partial<DoorLimits>;
  readonly onEvent?: OnDoorEvent;
  /** Aborted when the stop begins, so that what waits for nothing but a rule ends at once. */
  readonly halt?: AbortController;
}

export interface FrontDoor {
  /** Opens one more address; port 0 takes any free one. Rejects with the system's error (`EADDRINUSE`, `EACCES` …). */
  listen(address: Bound): Promise<Bound>;
  /**
   * Takes no more connections and no more calls. Closes idle connections and resets calls that a rule delays or leaves without an answer, all at
   * once. Calls in flight end, and clients read their answers, within `graceMs`; whatever is left then is destroyed: tunnels, clients that do not read.
   */
  stop(graceMs: number): Promise<void>;
}

/** A front door with no address yet. */
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
    // Inside TLS nothing is sniffed: a client that offers no protocol speaks HTTP/1.1.
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

/** All protocols end in these sockets, tunnels too. */
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
  // As node:http listens: clients may half-close after a request, and small answers must not wait.
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.maxConnections = limits.connections;
  server.on("drop", (drop) => onEvent({ kind: "dropped", remoteAddress: drop?.remoteAddress ?? "" }));
  server.on("connection", (socket) => {
    sockets.add(socket);
    // Whoever serves the connection hears of its end by `close`; unheard, an error would end the process.
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

/** Resolves when the server's last connection has ended; one that never listened counts as closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function destroyAll(sockets: Set<Socket>): void {
  for (const socket of sockets) socket.destroy();
}
