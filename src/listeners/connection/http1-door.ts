/** Serves HTTP/1 on a connection, plain or inside TLS, with node:http's strict parser and limits on slow clients. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Socket } from "node:net";
import type { Arrival } from "../../ports/ports.ts";
import { createHttp1Wire, readHead } from "../wire/http1-wire.ts";
import { arrivalOf, type DoorLimits, type OnCall, type OnDoorEvent, type OnUpgrade } from "./door.ts";
import type { ParserListeners } from "./held-reading.ts";
import {
  createHttp1Connection,
  type Exchanged,
  type Http1Connection,
  isComing,
  onClientEnd,
  readNoMore,
  runCall,
  runRefusal,
  runTakeover,
  stopConnection,
} from "./http1-connection.ts";
import { breakOffDetail, refuseBytes, rejectRequest } from "./refuse-request.ts";
import { rejectionOf } from "./request-checks.ts";
import { withoutUpgrade } from "./without-upgrade.ts";

/** Takes over the connection of a CONNECT request; `head` contains the bytes after it. */
export type OnConnect = (request: IncomingMessage, socket: Socket, head: Buffer, arrival: Arrival) => void;

export interface Http1DoorOptions {
  readonly limits: DoorLimits;
  readonly onCall: OnCall;
  readonly onConnect: OnConnect;
  /** Takes over WebSocket connections; undefined: such requests are handled as ordinary ones. */
  readonly onUpgrade: OnUpgrade | undefined;
  readonly onEvent: OnDoorEvent;
}

export interface Http1Door {
  enter(socket: Socket, tunnelTo: string | undefined): void;
  /** Accepts no more calls: ends idle connections immediately, and the others with the answer to the call in flight. */
  stop(): void;
}

/** Every connection that node:http reads, until it closes or is taken over. */
type Known = Map<Socket, Http1Connection>;

/** How often the timeouts are checked, in milliseconds. */
const CHECK_INTERVAL_MS = 1000;

/** Creates an HTTP server that never listens: sockets are passed to it. */
export function createHttp1Door(options: Http1DoorOptions): Http1Door {
  const known: Known = new Map();
  const server = createHttpServer(options.limits);
  const endCheck = checkIdle(known, options.limits);
  let isStopping = false;
  const endIfDone = (): void => {
    if (!isStopping || known.size > 0) return;
    endCheck();
    // Stops the timeout checks; the callback's error only reports that the server never listened.
    server.close(() => undefined);
  };
  const door: Http1Door = {
    enter(socket, tunnelTo) {
      if (isStopping) return void socket.destroy();
      const arrival = arrivalOf(socket, tunnelTo, false);
      known.set(socket, createHttp1Connection(socket, arrival, attach(server, socket)));
      socket.once("close", () => {
        known.delete(socket);
        endIfDone();
      });
      socket.resume();
    },
    stop() {
      isStopping = true;
      for (const connection of known.values()) stopConnection(connection);
      endIfDone();
    },
  };
  serveCalls(server, known, options);
  serveTakeovers(server, known, options, door.enter);
  return door;
}

/** node:http restarts its idle time with every byte, also for empty lines before a request; here only time counts. */
function checkIdle(known: Known, { idleTimeoutMs, headTimeoutMs }: DoorLimits): () => void {
  // node:http's own timeouts come first, and are answered.
  const longestMs = idleTimeoutMs + headTimeoutMs + 2 * CHECK_INTERVAL_MS;
  const look = (): void => {
    const nowMs = performance.now();
    for (const connection of known.values()) {
      if (!connection.isBusy && !isComing(connection) && nowMs - connection.idleSinceMs >= longestMs) connection.socket.destroy();
    }
  };
  const timer = setInterval(look, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Passes `socket` to node:http, and returns the listeners that it added. */
function attach(server: Server, socket: Socket): ParserListeners {
  const before = new Set([...socket.listeners("data"), ...socket.listeners("end")]);
  server.emit("connection", socket);
  const added = (event: "data" | "end") => socket.listeners(event).filter((listener) => !before.has(listener));
  const [onData] = added("data").filter(isListener);
  const [onEnd] = added("end").filter(isListener);
  if (onData === undefined || onEnd === undefined) throw new Error("node:http does not listen to a connection it was handed");
  return { onData, onEnd };
}

function isListener(value: unknown): value is (...values: unknown[]) => void {
  return typeof value === "function";
}

function serveCalls(server: Server, known: Known, { onCall, onEvent }: Http1DoorOptions): void {
  const onRequest = (request: Exchanged["request"], response: Exchanged["response"]): void => {
    const connection = connectionOf(known, request);
    runCall(connection, { request, response }, () => {
      const rejection = rejectionOf(request);
      if (rejection === undefined) {
        return onCall(
          createHttp1Wire(request, response, (listener) => onClientEnd(connection, listener)),
          connection.arrival,
        );
      }
      onEvent({ kind: "malformed", remoteAddress: connection.arrival.remoteAddress, detail: rejection.reason });
      readNoMore(connection);
      rejectRequest(response, rejection);
    });
  };
  server.on("request", onRequest);
  // Expectations other than 100-continue are refused by the same checks as other requests.
  server.on("checkExpectation", onRequest);
  server.on("clientError", (error, socket) => {
    // Every connection came through `enter`, as a Socket.
    const connection = socket instanceof Socket ? known.get(socket) : undefined;
    const detail = breakOffDetail(error, socket);
    if (connection === undefined || detail === undefined) return void socket.destroy();
    runRefusal(connection, () => {
      onEvent({ kind: "malformed", remoteAddress: connection.arrival.remoteAddress, detail });
      const isAnswered = isComing(connection) && connection.latest?.response.headersSent === true;
      refuseBytes(error, connection.socket, isAnswered);
    });
  });
}

/** CONNECT and upgrades: node:http releases the connection. */
function serveTakeovers(server: Server, known: Known, { onConnect, onUpgrade }: Http1DoorOptions, enter: Http1Door["enter"]): void {
  const takeOver = (request: IncomingMessage, firstBytes: Buffer, run: (connection: Http1Connection, firstBytes: Buffer) => void): void => {
    const connection = connectionOf(known, request);
    runTakeover(connection, firstBytes, (bytes) => {
      known.delete(request.socket);
      request.socket.setTimeout(0);
      run(connection, bytes);
    });
  };
  server.on("connect", (request, _socket, head) =>
    takeOver(request, head, ({ socket, arrival }, firstBytes) => onConnect(request, socket, firstBytes, arrival)),
  );
  if (onUpgrade === undefined) return;
  server.on("upgrade", (request, _socket, head) =>
    takeOver(request, head, ({ socket, arrival }, firstBytes) => {
      if (request.headers.upgrade?.toLowerCase() === "websocket" && rejectionOf(request) === undefined) {
        // An `error` event without a listener would end the process.
        socket.on("error", () => undefined);
        return onUpgrade({ head: readHead(request), socket, firstBytes, arrival });
      }
      // A request for any protocol other than WebSocket is handled again without its Upgrade header.
      socket.unshift(Buffer.concat([withoutUpgrade(request), firstBytes]));
      enter(socket, arrival.tunnelTo);
    }),
  );
}

function connectionOf(known: Known, { socket }: IncomingMessage): Http1Connection {
  const connection = known.get(socket);
  if (connection === undefined) throw new Error("a request on a connection that never entered");
  return connection;
}

function createHttpServer(limits: DoorLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, limits.headTimeoutMs),
    insecureHTTPParser: false,
    // The request checks require it, and end the connection.
    requireHostHeader: false,
  });
  // Not in node:http's types, but used by it since version 0.3: a client that has sent its whole request may close its sending side.
  Reflect.set(server, "httpAllowHalfOpen", true);
  // node:http starts its timeout checks when it listens, which this server never does.
  server.emit("listening");
  return server;
}
