/** A client on a bare connection to a running proxy, in clear or inside TLS: it writes what it is told and keeps what comes. */
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";

export interface RawClient {
  readonly socket: Socket;
  /** All that has come, a character each byte. */
  text(): string;
  /** How many bytes have come. */
  bytes(): number;
  /** Resolves when the connection has closed, with the error's code where it broke (`ECONNRESET`). */
  readonly closed: Promise<string | undefined>;
}

/** Where to connect to: a running proxy is one. */
export interface Dialled {
  readonly url: string;
  readonly caPem: string;
}

/** Connects; `reads: false` leaves all bytes in the kernel until `socket.resume()`. */
export function dialRaw({ url, caPem }: Dialled, { isSecure = false, reads = true } = {}): RawClient {
  const { hostname: host, port } = new URL(url);
  const target = { host, port: Number(port), allowHalfOpen: true };
  const socket = isSecure ? tlsConnect({ ...target, servername: "localhost", ca: caPem }) : connect(target);
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
  });
  socket.on("end", () => socket.end());
  if (!reads) socket.pause();
  const closed = new Promise<string | undefined>((resolve) => {
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message)).on("close", () => resolve(undefined));
  });
  return { socket, closed, bytes: () => bytes, text: () => Buffer.concat(chunks).toString("latin1") };
}

/** A call to the sandbox path of an operation, with a body of two bytes. */
export function callText(operation: string, furtherLines = ""): string {
  const lines = `Host: a\r\nclient-id: SANDBOX_5X0\r\n${furtherLines}Content-Length: 2`;
  return `POST /ams/sandbox/api/v1/payments/${operation} HTTP/1.1\r\n${lines}\r\n\r\n{}`;
}
