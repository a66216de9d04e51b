/** Peer: the shortest buffering forwarder on node:http and undici's Pool.dispatch, with no rules, logs, metrics or signatures. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Pool } from "undici";
import { listen, readWords, wordOf } from "./settings.ts";

const pool = new Pool(wordOf(readWords(), "upstream"));
listen(createServer(forward));

function forward(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const headers = request.rawHeaders.filter((_, at) => !isOwnLine(request.rawHeaders[at - (at % 2)] ?? ""));
    pool.dispatch({ path: request.url ?? "/", method: "POST", headers, body: Buffer.concat(chunks) }, answerTo(response));
  });
}

function isOwnLine(name: string): boolean {
  return /^(?:host|connection|content-length)$/i.test(name);
}

function answerTo(response: ServerResponse) {
  const chunks: Buffer[] = [];
  return {
    onRequestStart() {},
    onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[]>) {
      response.writeHead(status, headers);
    },
    onResponseData(_controller: unknown, chunk: Buffer) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      response.end(Buffer.concat(chunks));
    },
    onResponseError() {
      response.destroy();
    },
  };
}
