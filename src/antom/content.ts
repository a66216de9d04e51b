/** The content of an answer as the SDKs see it: their HTTP clients undo the content coding before the signature is checked. */
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Awaitable } from "../awaitable.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";

const LIMIT = { maxOutputLength: 64 * 1024 * 1024 };
const inflaters = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

/** The body with its content coding undone; undefined when the coding is unknown, stacked or damaged, or the content is over 64 MiB. No promise where there is no coding. */
export function contentOf(response: HttpResponse): Awaitable<Buffer | undefined> {
  const coding = headerValue(response.headers, "content-encoding")?.trim().toLowerCase() ?? "";
  if (coding === "" || coding === "identity") return response.body;
  return inflaters
    .get(coding)?.(response.body, LIMIT)
    .catch(() => undefined);
}
