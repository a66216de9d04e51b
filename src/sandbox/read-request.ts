/** Reads a request from the wire into a value, with a limit on its body. */
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { HttpRequest } from "../http/message.ts";

/** `too-large`: the body was read to its end and discarded, because some clients read no answer earlier. `aborted`: the client disconnected. */
export type ReadRequest =
  | { readonly kind: "request"; readonly request: HttpRequest }
  | { readonly kind: "too-large" }
  | { readonly kind: "aborted" };

/** Reads `message` to its end; never rejects. */
export function readRequest(message: IncomingMessage | Http2ServerRequest, limitBytes: number): Promise<ReadRequest> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.on("end", () => resolve(bytes > limitBytes ? { kind: "too-large" } : { kind: "request", request: requestOf(message, chunks) }));
    message.on("error", () => resolve({ kind: "aborted" }));
    message.on("close", () => resolve({ kind: "aborted" }));
  });
}

function requestOf(message: IncomingMessage | Http2ServerRequest, chunks: readonly Buffer[]): HttpRequest {
  const target = message.url ?? "/";
  const [only] = chunks;
  return {
    method: message.method ?? "GET",
    target,
    path: pathOf(target),
    authority: message.headers.host,
    headers: message.rawHeaders,
    body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks),
  };
}

/** Path and query of a request target in origin or absolute form, unchanged. */
function pathOf(target: string): string {
  if (target.startsWith("/")) return target;
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target);
  if (found === null) return target;
  const rest = found[1] ?? "";
  return rest.startsWith("/") ? rest : `/${rest}`;
}
