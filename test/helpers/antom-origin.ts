/** A gateway that signs with a key of its own by node:crypto alone, and answers as a test wants: whole, half signed, damaged, compressed. */
import { type KeyObject, sign, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

export const CLIENT_ID = "SANDBOX_5X00000000000000";
export const PAY_PATH = "/ams/sandbox/api/v1/payments/pay";

/** An answer as bytes and header lines, flat. */
export interface Answered {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** The text under an answer's signature. */
export function signedText(path: string, clientId: string, time: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`, "latin1"), content]);
}

/** The value of a `signature` header, made without any code of the project. */
export function signatureOver(text: Buffer, key: KeyObject): string {
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(sign("RSA-SHA256", text, key).toString("base64"))}`;
}

/** Whether the answer's signature is that of `key`, put together as an SDK does: lower-case lines, content with its coding undone. */
export function isSignedBy(key: KeyObject, answer: Answered, path: string = PAY_PATH): boolean {
  const encoded = /signature=([^,]+)$/.exec(lineOf(answer.headers, "signature") ?? "")?.[1];
  const content = contentOf(answer);
  if (encoded === undefined || content === undefined) return false;
  const text = signedText(path, lineOf(answer.headers, "client-id") ?? "", lineOf(answer.headers, "response-time") ?? "", content);
  return verify("RSA-SHA256", text, key, Buffer.from(decodeURIComponent(encoded), "base64"));
}

/** The first value of a header line, whatever its case. */
export function lineOf(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((part, index) => index % 2 === 0 && part.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}

/** What a client sees of the body; undefined where it could not read it. */
export function contentOf({ headers, body }: Answered): Buffer | undefined {
  try {
    switch (lineOf(headers, "content-encoding")) {
      case undefined:
        return body;
      case "gzip":
        return gunzipSync(body);
      case "br":
        return brotliDecompressSync(body);
      case "deflate":
        return inflateSync(body);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

export interface AntomOrigin {
  readonly origin: string;
  /** Sets what is answered from now on. */
  answer(next: (request: IncomingMessage, body: Buffer) => Answered): void;
  /** Requests so far, the latest last. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startAntomOrigin(): Promise<AntomOrigin> {
  let next: (request: IncomingMessage, body: Buffer) => Answered = () => ({ status: 500, headers: [], body: Buffer.alloc(0) });
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push(request);
      const { status, headers, body } = next(request, Buffer.concat(chunks));
      response.writeHead(status, [...headers, "Content-Length", String(body.length)]);
      response.end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    answer(wanted) {
      next = wanted;
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One call to the proxy at `url`; undefined where the connection ended before an answer's head. A body that was cut is what came of it. */
export function askProxy(
  url: string,
  { path = PAY_PATH, headers, body = '{"paymentRequestId":"R1"}' }: Asked = {},
): Promise<Answered | undefined> {
  return new Promise((resolve) => {
    const lines = { "client-id": CLIENT_ID, "request-time": "1795420800000", "content-type": "application/json", ...headers };
    const call = httpRequest(new URL(path, url), { method: "POST", path, headers: lines, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      const finish = (): void => resolve({ status: answer.statusCode ?? 0, headers: answer.rawHeaders, body: Buffer.concat(chunks) });
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", finish).once("end", finish);
    });
    call.once("error", () => resolve(undefined));
    call.end(body);
  });
}
