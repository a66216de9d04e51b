/** Serves HTTP/2 on a connection, plain or inside TLS: every stream is one call. */
import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { createHttp2Wire } from "../wire/http2-wire.ts";
import { arrivalOf, type DoorLimits, type OnCall, type OnDoorEvent } from "./door.ts";
import { methodRejection } from "./request-checks.ts";
import { watchStalled } from "./stalled.ts";

export interface Http2DoorOptions {
  readonly limits: DoorLimits;
  readonly onCall: OnCall;
  readonly onEvent: OnDoorEvent;
}

export interface Http2Door {
  enter(socket: Socket, tunnelTo: string | undefined): void;
  /** Accepts no new calls; each connection closes after its last call. */
  stop(): void;
}

/** A stream from its head until it closes. */
interface Call {
  readonly stream: ServerHttp2Stream;
  readonly remoteAddress: string;
  readonly sinceMs: number;
  /** Increases with the bytes that the client reads. */
  taken: number;
  /** When a check first found that nothing was left to do for it but to close; steady milliseconds. */
  overSinceMs: number | undefined;
}

interface Session {
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  readonly calls: Set<Call>;
  hasHadCall: boolean;
  /** When the last call ended, or the connection started; steady milliseconds. */
  idleSinceMs: number;
}

/** How often the timeouts are checked, in milliseconds. */
const CHECK_INTERVAL_MS = 1000;
/** Larger than any body; separates the number of reads from the number of pending bytes. */
const TAKEN_STEP = 2 ** 33;

/** Sessions without an http2 server: the socket already exists, and each session keeps its own Arrival. */
export function createHttp2Door(options: Http2DoorOptions): Http2Door {
  const sessions = new Set<Session>();
  const { limits, onEvent } = options;
  const timer = setInterval(() => {
    for (const session of sessions) checkTimes(session, limits);
  }, intervalOf(limits));
  timer.unref();
  const endWatch = watchStalled(() => callsOf(sessions), {
    timeoutMs: limits.writeTimeoutMs,
    mark: ({ stream, taken }) => (stream.writableLength === 0 ? undefined : taken * TAKEN_STEP + stream.writableLength),
    onStalled({ stream, remoteAddress }) {
      onEvent({ kind: "stalled", remoteAddress });
      stream.close(constants.NGHTTP2_CANCEL);
    },
  });
  let isStopping = false;
  const endIfDone = (): void => {
    if (!isStopping || sessions.size > 0) return;
    clearInterval(timer);
    endWatch();
  };
  return {
    enter(socket, tunnelTo) {
      if (isStopping) return void socket.destroy();
      const session = startSession(socket, tunnelTo, options);
      sessions.add(session);
      socket.once("close", () => {
        sessions.delete(session);
        endIfDone();
      });
    },
    stop() {
      isStopping = true;
      for (const { session } of sessions) session.close();
      endIfDone();
    },
  };
}

function* callsOf(sessions: Iterable<Session>): Iterable<Call> {
  for (const { calls } of sessions) yield* calls;
}

function intervalOf({ headTimeoutMs, requestTimeoutMs, idleTimeoutMs }: DoorLimits): number {
  return Math.max(1, Math.min(CHECK_INTERVAL_MS, headTimeoutMs, requestTimeoutMs, idleTimeoutMs));
}

/** Only time counts, not frames: a client cannot stay connected by sending an occasional PING, or a byte of a head or a body. */
function checkTimes(session: Session, limits: DoorLimits): void {
  const nowMs = performance.now();
  if (session.calls.size === 0) checkIdle(session, nowMs, limits);
  for (const call of session.calls) {
    const isLate = nowMs - call.sinceMs >= limits.requestTimeoutMs && isComing(call.stream);
    if (isLate && !call.stream.closed) refuseLate(call.stream);
    if (isOver(call.stream)) endIfStuck(session, call, nowMs - limits.writeTimeoutMs);
  }
}

/** The answer was sent or the stream was closed, and the request is complete or no longer wanted. */
function isOver(stream: ServerHttp2Stream): boolean {
  return stream.closed || (stream.writableFinished && !isComing(stream));
}

/** After a protocol error node:http2 neither reads nor sends, and closes neither the stream nor the session: only the connection can be closed. */
function endIfStuck({ socket }: Session, call: Call, longestAgoMs: number): void {
  call.overSinceMs ??= performance.now();
  if (call.overSinceMs <= longestAgoMs) socket.destroy();
}

function checkIdle({ session, socket, hasHadCall, idleSinceMs }: Session, nowMs: number, limits: DoorLimits): void {
  if (nowMs - idleSinceMs < (hasHadCall ? limits.idleTimeoutMs : limits.headTimeoutMs)) return;
  if (session.closed) socket.destroy();
  else session.close();
}

/** Whether a part of the request is still missing. */
function isComing(stream: ServerHttp2Stream): boolean {
  return !stream.endAfterHeaders && stream.state?.remoteClose !== 1;
}

/** Same as HTTP/1; NO_ERROR asks the client to stop sending (RFC 9113 §8.1). */
function refuseLate(stream: ServerHttp2Stream): void {
  if (stream.headersSent) {
    stream.close(constants.NGHTTP2_CANCEL);
    return;
  }
  stream.respond({ ":status": 408, "content-type": "text/plain; charset=utf-8" });
  stream.end("the request did not come whole in time\n", () => stream.close(constants.NGHTTP2_NO_ERROR));
}

function startSession(socket: Socket, tunnelTo: string | undefined, options: Http2DoorOptions): Session {
  const { limits, onEvent } = options;
  const arrival = arrivalOf(socket, tunnelTo, true);
  // A closed session ends its connection, which the client's half would keep open.
  socket.once("finish", () => socket.destroy());
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: limits.headBytes },
  });
  const started: Session = { session, socket, calls: new Set(), hasHadCall: false, idleSinceMs: performance.now() };
  session.on("error", (error: Error) => onEvent({ kind: "malformed", remoteAddress: arrival.remoteAddress, detail: error.message }));
  session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
    const call = beginCall(started, stream, arrival.remoteAddress);
    if (headers[":method"] === "CONNECT") return refuse(stream, 501, "CONNECT is taken over HTTP/1.1 only");
    const rejection = methodRejection(headers[":method"] ?? "");
    if (rejection !== undefined) {
      onEvent({ kind: "malformed", remoteAddress: arrival.remoteAddress, detail: rejection.reason });
      return refuse(stream, rejection.status, rejection.reason);
    }
    if (headers.expect?.toLowerCase() === "100-continue") stream.additionalHeaders({ ":status": 100 });
    const onTaken = (): void => {
      call.taken += 1;
    };
    options.onCall(createHttp2Wire(stream, rawHeaders, onTaken), arrival);
  });
  return started;
}

function beginCall(session: Session, stream: ServerHttp2Stream, remoteAddress: string): Call {
  const call: Call = { stream, remoteAddress, sinceMs: performance.now(), taken: 0, overSinceMs: undefined };
  session.calls.add(call);
  session.hasHadCall = true;
  // A stream's error ends its call through `close`; without a listener it would end the process.
  stream.on("error", () => undefined);
  stream.on("aborted", () => {
    // node:http2 ends the body of a reset stream as if it were complete.
    if (!stream.readableEnded && !stream.endAfterHeaders) stream.destroy();
  });
  stream.on("drain", () => {
    call.taken += 1;
  });
  stream.on("close", () => {
    session.calls.delete(call);
    session.idleSinceMs = performance.now();
  });
  return call;
}

/** Tunnels are opened over HTTP/1.1; no payment SDK asks for them over HTTP/2. */
function refuse(stream: ServerHttp2Stream, status: number, reason: string): void {
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8" });
  stream.end(`${reason}\n`, () => stream.close(constants.NGHTTP2_NO_ERROR));
}
