/** Serves HTTP/2 on a connection, in clear or inside TLS: every stream is one call. */
import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { arrivalOf, type DoorLimits, type OnCall, type OnDoorEvent } from "./door.ts";
import { createHttp2Wire } from "./http2-wire.ts";

export interface Http2DoorOptions {
  readonly limits: DoorLimits;
  readonly onCall: OnCall;
  readonly onEvent: OnDoorEvent;
}

export interface Http2Door {
  enter(socket: Socket, tunnelTo: string | undefined): void;
  /** Takes no new calls; each connection closes when its last call has ended. */
  stop(): void;
}

/** Sessions without an http2 server: the socket is already here, and each session keeps its own Arrival. */
export function createHttp2Door(options: Http2DoorOptions): Http2Door {
  const sessions = new Set<ServerHttp2Session>();
  let isStopping = false;
  return {
    enter(socket, tunnelTo) {
      if (isStopping) return void socket.destroy();
      const session = startSession(socket, tunnelTo, options);
      sessions.add(session);
      session.once("close", () => sessions.delete(session));
    },
    stop() {
      isStopping = true;
      for (const session of sessions) session.close();
    },
  };
}

function startSession(socket: Socket, tunnelTo: string | undefined, options: Http2DoorOptions): ServerHttp2Session {
  const { limits, onEvent } = options;
  const arrival = arrivalOf(socket, tunnelTo, true);
  // A session that has closed ends its connection, which the client's half would keep open.
  socket.once("finish", () => socket.destroy());
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: limits.headBytes },
  });
  session.setTimeout(limits.idleTimeoutMs, () => session.close());
  session.on("error", (error: Error) => onEvent({ kind: "malformed", remoteAddress: arrival.remoteAddress, detail: error.message }));
  session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
    // A stream's failure ends its call through `close`; unheard, it would end the process.
    stream.on("error", () => undefined);
    if (headers[":method"] === "CONNECT") return refuseConnect(stream);
    if (headers.expect?.toLowerCase() === "100-continue") stream.additionalHeaders({ ":status": 100 });
    options.onCall(createHttp2Wire(stream, rawHeaders), arrival);
  });
  return session;
}

/** Tunnels are opened over HTTP/1.1; no client of Antom's asks for them over HTTP/2. */
function refuseConnect(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 501, "content-type": "text/plain; charset=utf-8" });
  stream.end("CONNECT is taken over HTTP/1.1 only\n");
}
