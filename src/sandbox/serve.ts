/** The stand-in's server: sockets in, answers out; HTTP/1.1, and with a certificate HTTP/2 too. */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { HttpRequest, HttpResponse, RawHeaders } from "../http/message.ts";
import { createConnections } from "./connections.ts";
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
  /** Requests with more body than this are answered by `onTooLarge`. */
  readonly bodyLimitBytes: number;
  readonly onRequest: (request: HttpRequest) => Promise<HttpResponse>;
  readonly onTooLarge: () => HttpResponse;
  /** Told of a bug; the client gets a bare 500. */
  readonly onBug: (error: unknown) => void;
}

export interface Serving {
  /** The port really bound. */
  readonly port: number;
  /** Accepts nothing more, lets calls in flight finish, closes all connections. */
  stop(): Promise<void>;
}

type Message = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Longer than clients keep idle connections, so that it is the client that closes them. */
const KEEP_ALIVE_MS = 65_000;
const STOP_DEADLINE_MS = 10_000;

/** Binds and serves. Rejects when the address cannot be bound. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const connections = createConnections();
  const onCall = (message: Message, response: Response): void => {
    const end = connections.begin();
    response.once("close", end);
    // A client that is gone is no event here: its request was answered into the void.
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

/** The lines as both kinds of server take them; none of the stand-in's is repeated. */
function linesOf(headers: RawHeaders): OutgoingHttpHeaders {
  const lines: OutgoingHttpHeaders = {};
  for (let at = 0; at + 1 < headers.length; at += 2) lines[headers[at] ?? ""] = headers[at + 1];
  return lines;
}

function fail(response: Response): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain" });
  response.end("the stand-in sandbox failed; its log says why\n");
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
  if (address === null || typeof address === "string") throw new Error("the server is bound to no TCP port");
  return address.port;
}
