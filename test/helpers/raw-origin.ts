/** A stand-in for a gateway's host that keeps every byte it was sent, and for a corporate proxy that tunnels to it. */
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface RawOrigin {
  readonly port: number;
  readonly origin: string;
  /** All that each connection sent, in the order in which they were opened. */
  readonly received: string[];
  readonly sockets: Socket[];
  close(): Promise<void>;
}

/** Answers with `answer` (raw bytes, or undefined for silence) whenever `isWhole` holds for what has come since the last answer. */
export async function startRawOrigin(answer: (text: string) => string | undefined, isWhole = wholeRequest): Promise<RawOrigin> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const at = received.push("") - 1;
    sockets.push(socket);
    let pending = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      received[at] += chunk.toString("latin1");
      pending += chunk.toString("latin1");
      if (!isWhole(pending)) return;
      const text = answer(pending);
      pending = "";
      if (text !== undefined) socket.write(Buffer.from(text, "latin1"));
    });
  });
  const port = await listen(server);
  return { port, origin: `http://127.0.0.1:${port}`, received, sockets, close: () => closeAll(server, sockets) };
}

/** Whether `text` holds a head and the body that it announces. */
export function wholeRequest(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const head = text.slice(0, end).toLowerCase();
  if (head.includes("transfer-encoding: chunked")) return text.endsWith("0\r\n\r\n");
  const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  return text.length >= end + 4 + length;
}

export interface CorporateProxy {
  readonly url: string;
  /** The targets asked for, with their `proxy-authorization`. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Tunnels every CONNECT to 127.0.0.1 at the port asked for, whatever the host, or answers `status` instead. */
export async function startCorporateProxy(status = 200): Promise<CorporateProxy> {
  const asked: CorporateProxy["asked"] = [];
  const sockets: Duplex[] = [];
  const server = createHttpServer();
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    const target = request.url ?? "";
    asked.push({ target, authorization: request.headers["proxy-authorization"] });
    sockets.push(socket);
    socket.on("error", () => undefined);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const remote = connect(Number(target.split(":").at(-1)), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    remote.on("error", () => socket.destroy());
    sockets.push(remote);
    return remote.pipe(socket).pipe(remote);
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, asked, close: () => closeAll(server, sockets) };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function closeAll(server: Server, sockets: readonly Duplex[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
