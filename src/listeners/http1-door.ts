/** Serves HTTP/1 on a connection, in clear or inside TLS, with node:http's strict parser and bounds on slow clients. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Arrival } from "../ports.ts";
import { arrivalOf, type DoorLimits, type OnCall, type OnDoorEvent, type OnUpgrade } from "./door.ts";
import { createHttp1Wire, readHead } from "./http1-wire.ts";
import { refuseBytes, rejectRequest } from "./refuse-request.ts";
import { rejectionOf } from "./request-checks.ts";
import { withoutUpgrade } from "./without-upgrade.ts";

/** Takes over the connection of a CONNECT request; `head` holds what the client sent after it. */
export type OnConnect = (request: IncomingMessage, socket: Socket, head: Buffer, arrival: Arrival) => void;

export interface Http1DoorOptions {
  readonly limits: DoorLimits;
  readonly onCall: OnCall;
  readonly onConnect: OnConnect;
  /** Takes over WebSocket connections; undefined: such requests are served as if they had not asked. */
  readonly onUpgrade: OnUpgrade | undefined;
  readonly onEvent: OnDoorEvent;
}

export interface Http1Door {
  enter(socket: Socket, tunnelTo: string | undefined): void;
  /** Closes idle connections, now and as they become so. */
  stop(): void;
}

/** What is known of one connection. */
interface Connection {
  readonly arrival: Arrival;
  /** The latest answer on it, sent or not. */
  response: ServerResponse<IncomingMessage> | undefined;
}

interface Lobby {
  /** Every connection until it closes. */
  readonly known: Map<Socket, Connection>;
  /** Connections that have yet to send their first request; node:http does not count them as idle. */
  readonly fresh: Set<Socket>;
}

/** How often the timeouts are looked at, in milliseconds. */
const CHECK_INTERVAL_MS = 1000;
const IDLE_SWEEP_MS = 20;

/** An HTTP server that never listens: sockets are handed to it. */
export function createHttp1Door(options: Http1DoorOptions): Http1Door {
  const lobby: Lobby = { known: new Map(), fresh: new Set() };
  const server = createHttpServer(options.limits);
  const door: Http1Door = {
    enter(socket, tunnelTo) {
      lobby.known.set(socket, { arrival: arrivalOf(socket, tunnelTo, false), response: undefined });
      lobby.fresh.add(socket);
      socket.once("close", () => {
        lobby.fresh.delete(socket);
        lobby.known.delete(socket);
      });
      server.emit("connection", socket);
      socket.resume();
    },
    stop() {
      for (const socket of lobby.fresh) socket.destroy();
      sweep(server, lobby);
    },
  };
  serveCalls(server, lobby, options);
  serveTakeovers(server, lobby, options, door.enter);
  return door;
}

function serveCalls(server: Server, lobby: Lobby, { onCall, onEvent }: Http1DoorOptions): void {
  server.on("request", (request, response) => {
    const connection = leaveLobby(lobby, request);
    connection.response = response;
    const rejection = rejectionOf(request);
    if (rejection === undefined) return onCall(createHttp1Wire(request, response), connection.arrival);
    onEvent({ kind: "malformed", remoteAddress: connection.arrival.remoteAddress, detail: rejection.reason });
    rejectRequest(response, rejection);
  });
  server.on("clientError", (error, socket) => {
    // Every connection came in by `enter`, as a Socket.
    if (!(socket instanceof Socket)) return void socket.destroy();
    const connection = lobby.known.get(socket);
    const detail = refuseBytes(error, socket, connection?.response);
    if (detail !== undefined) onEvent({ kind: "malformed", remoteAddress: connection?.arrival.remoteAddress ?? "", detail });
  });
}

/** CONNECT and upgrades: node:http lets go of the connection. */
function serveTakeovers(server: Server, lobby: Lobby, { onConnect, onUpgrade }: Http1DoorOptions, enter: Http1Door["enter"]): void {
  server.on("connect", (request, _socket, head) => onConnect(request, request.socket, head, leaveLobby(lobby, request).arrival));
  if (onUpgrade === undefined) return;
  server.on("upgrade", (request, _socket, firstBytes) => {
    const { socket } = request;
    const { arrival } = leaveLobby(lobby, request);
    if (request.headers.upgrade?.toLowerCase() === "websocket" && rejectionOf(request) === undefined) {
      // Unheard, an error would end the process.
      socket.on("error", () => undefined);
      return onUpgrade({ head: readHead(request), socket, firstBytes, arrival });
    }
    // Whoever asks for anything but WebSocket comes in once more, without having asked.
    socket.unshift(Buffer.concat([withoutUpgrade(request), firstBytes]));
    enter(socket, arrival.tunnelTo);
  });
}

function leaveLobby(lobby: Lobby, { socket }: IncomingMessage): Connection {
  lobby.fresh.delete(socket);
  const connection = lobby.known.get(socket);
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
  });
  // node:http starts to enforce its timeouts when it listens, which this server never does.
  server.emit("listening");
  return server;
}

/** Keep-alive connections become idle one by one as their calls end; the sweep ends with the last of them. */
function sweep(server: Server, { known }: Lobby): void {
  // Also ends the enforcing of timeouts; the callback's error only says that the server never listened.
  server.close(() => undefined);
  server.closeIdleConnections();
  const timer = setInterval(() => {
    server.closeIdleConnections();
    if (known.size === 0) clearInterval(timer);
  }, IDLE_SWEEP_MS);
  timer.unref();
}
