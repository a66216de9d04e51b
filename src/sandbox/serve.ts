/** The stand-in's server: HTTP/1.1, and HTTP/2 as well when it has a certificate. */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { HttpRequest, HttpResponse, RawHeaders } from "../http/message.ts";
import { createConnections } from "./open-connections.ts";
import { readRequest } from "./read-request.ts";

/** A certificate chain and its private key, both PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export interface ServeOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** `onTooLarge` answers requests with a longer body. */
  readonly bodyLimitBytes: number;
  readonly onRequest: (request: HttpRequest) => Promise<HttpResponse>;
  readonly onTooLarge: () => HttpResponse;
  /** Called with unexpected errors; the client gets a 500. */
  readonly onBug: (error: unknown) => void;
}

export interface Serving {
  /** The bound port. */
  readonly port: number;
  /** Stops listening, finishes calls in flight, closes all connections. */
  stop(): Promise<void>;
}

type Message = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Longer than the idle timeout of clients, so that the client closes the connection first. */
const KEEP_ALIVE_MS = 65_000;
const STOP_DEADLINE_MS = 10_000;

/** Binds and serves. Rejects when the address cannot be bound. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const connections = createConnections();
  const onCall = (message: Message, response: Response): void => {
    const end = connections.begin();
    response.once("close", end);
    // Ignored: the client disconnected before it read its answer.
    response.on("error", () => undefined);
    exchange(message, response, options, connections.isDraining).catch((error: unknown) => {
      options.onBug(error);
      fail(response);
    });
  };
  const server = options.tls === undefined ? plainServer(onCall) : tlsServer(options.tls, onCall);
  server.on("connection", connections.addSocket);
  server.on("session", connections.addSession);
  await listen(server, options);
  return {
    port: portOf(server),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await connections.drain(STOP_DEADLINE_MS);
      await closed;
    },
  };
}

async function exchange(message: Message, response: Response, options: ServeOptions, isDraining: () => boolean): Promise<void> {
  const read = await readRequest(message, options.bodyLimitBytes);
  if (read.kind === "aborted") return;
  const answer = read.kind === "too-large" ? options.onTooLarge() : await options.onRequest(read.request);
  const isLast = isDraining() && message.httpVersionMajor === 1;
  response.writeHead(answer.status, linesOf(isLast ? [...answer.headers, "connection", "close"] : answer.headers));
  response.end(answer.body);
}

/** The headers in the form that both kinds of server accept. The stand-in repeats no header. */
function linesOf(headers: RawHeaders): OutgoingHttpHeaders {
  const lines: OutgoingHttpHeaders = {};
  for (let at = 0; at + 1 < headers.length; at += 2) lines[headers[at] ?? ""] = headers[at + 1];
  return lines;
}

function fail(response: Response): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain" });
  response.end("the stand-in sandbox failed; see its log\n");
}

function plainServer(onCall: (message: IncomingMessage, response: ServerResponse) => void): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, onCall);
}

function tlsServer({ cert, key }: TlsFiles, onCall: (message: Http2ServerRequest, response: Http2ServerResponse) => void): Server {
  return createSecureServer({ cert, key, allowHTTP1: true }, onCall);
}

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server is not bound to a TCP port");
  return address.port;
}
