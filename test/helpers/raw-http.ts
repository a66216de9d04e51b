/** A call over a bare socket: the bytes of the answer as they came, without a client that folds case or joins lines. */
import { connect } from "node:net";

export interface RawAnswer {
  readonly statusLine: string;
  /** Header lines as they stood on the wire. */
  readonly lines: readonly string[];
  readonly body: string;
}

/** Sends `text` (Latin-1) and reads until the server closes or the announced length has come. */
export function rawCall(origin: string, text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = "";
    socket.on("error", reject);
    socket.on("close", () => resolve(parse(received)));
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (isWhole(received)) socket.destroy();
    });
    socket.write(text, "latin1");
  });
}

/** A request as text, with its length. */
export function requestText(path: string, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries({ host: "localhost", ...headers, "content-length": String(Buffer.byteLength(body)) });
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

function isWhole(received: string): boolean {
  const { body, lines } = parse(received);
  const length = lines.map((line) => /^content-length:\s*(\d+)$/i.exec(line)?.[1]).find((value) => value !== undefined);
  return length !== undefined && received.includes("\r\n\r\n") && body.length >= Number(length);
}

function parse(received: string): RawAnswer {
  const end = received.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = (end < 0 ? received : received.slice(0, end)).split("\r\n");
  return { statusLine, lines, body: end < 0 ? "" : received.slice(end + 4) };
}
