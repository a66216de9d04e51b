/** An HTTP/2 connection with node:http2, for the only route that the gateway serves over HTTP/2 only: undici drops the answer that follows a graceful GOAWAY. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { http2Headers } from "../http/http2-headers.ts";
import type { Collector, Connection, Outgoing } from "./connection.ts";
import { codedError } from "./failure.ts";

/** Equal to undici's idle timeout. */
const IDLE_MS = 4000;

/** Takes over `socket` with negotiated `h2`. A head over `maxHeadBytes` is a failure; the lane enforces all other limits. */
export function createHttp2Connection(socket: Socket, origin: string, maxHeadBytes: number): Connection {
  const settings = { enablePush: false, maxHeaderListSize: maxHeadBytes };
  const session = connect(origin, { createConnection: () => socket, settings });
  let running: ClientHttp2Stream | undefined;
  // A session's error also ends its stream; without a listener it would end the process.
  session.on("error", () => undefined);
  session.setTimeout(IDLE_MS, () => {
    if (running === undefined) session.close();
  });
  return {
    send(request, collector) {
      running = open(session, new URL(origin), request, collector);
      if (running === undefined) return;
      session.ref();
      running.once("close", () => {
        running = undefined;
        session.unref();
      });
    },
    expectAnswer: () => undefined,
    isReusable: () => !session.closed && !session.destroyed,
    destroy: () => session.destroy(),
    onClosed(listener) {
      session.once("close", listener);
    },
  };
}

/** Opens the call's stream; undefined when the session accepts no more streams (already reported to the collector). */
function open(session: ClientHttp2Session, origin: URL, request: Outgoing, collector: Collector): ClientHttp2Stream | undefined {
  const { method, path, headers, body } = request;
  const pseudo = { ":method": method, ":scheme": origin.protocol.slice(0, -1), ":authority": origin.host, ":path": path };
  try {
    const stream = session.request({ ...pseudo, ...http2Headers(headers) }, { endStream: body.length === 0 });
    collect(stream, method, collector);
    if (body.length > 0) stream.end(body);
    return stream;
  } catch (error) {
    collector.onError(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}

function collect(stream: ClientHttp2Stream, method: string, collector: Collector): void {
  let failure: Error | undefined;
  let isEnded = false;
  let missing: number | undefined;
  collector.onConnect((reason) => {
    failure ??= reason;
    stream.close(constants.NGHTTP2_CANCEL);
  });
  // Interim heads are `headers` events; they are ignored.
  stream.once("response", (answered: IncomingHttpHeaders & { readonly ":status"?: number }, _flags: number, raw: readonly string[]) => {
    const { ":status": status = 0, "content-length": length } = answered;
    missing = length === undefined || method === "HEAD" || status === 304 ? undefined : Number(length);
    collector.onHeaders(status, withoutPseudo(raw));
  });
  stream.on("data", (chunk: Buffer) => {
    if (missing !== undefined) missing -= chunk.length;
    collector.onData(chunk);
  });
  stream.once("end", () => {
    isEnded = true;
  });
  stream.on("error", (error) => {
    failure ??= error;
  });
  stream.once("close", () => {
    // A stream that the gateway resets without an error ends like a complete one.
    if (failure === undefined && isEnded && (missing ?? 0) === 0) collector.onComplete();
    else collector.onError(failure ?? codedError("ECONNRESET", "the gateway ended the stream before the answer was whole"));
  });
}

function withoutPseudo(raw: readonly string[]): readonly string[] {
  return raw.filter((_, at) => raw[at - (at % 2)]?.startsWith(":") !== true);
}
