/** The content of a message: its body with the content coding undone, within bounds; the one place for all that look into a body. */
import { promisify } from "node:util";
import {
  brotliDecompress,
  brotliDecompressSync,
  constants,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from "node:zlib";
import { headerValues } from "./headers.ts";
import type { RawHeaders } from "./message.ts";

/** A message as far as its content goes. */
export interface CodedBody {
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/**
 * The body with its content coding undone; undefined where the coding is unknown, stacked or damaged, or the content is over its bounds. The very
 * body, and no promise, where there is no coding. Never rejects.
 */
export type ContentOf = (message: CodedBody) => Buffer | undefined | Promise<Buffer | undefined>;

/** Largest content that is decoded, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Content may be so many times its body, or `FREE_BYTES`: JSON packs 5 to 30 times, a bomb a thousand times. */
const MOST_TIMES = 100;
const FREE_BYTES = 1024 * 1024;
/** zlib's jobs in the thread pool, where signatures are made too, end after so much output. */
const CHUNK_BYTES = 64 * 1024;

/** Bodies up to here do not wait behind larger ones. */
const SMALL_BYTES = 16 * 1024;
const SMALL_AT_A_TIME = 8;

/** A reader of contents; what is decoded at a time is bounded for all who share it. */
export function createContentReader(): ContentOf {
  const small = createQueue(SMALL_AT_A_TIME);
  const large = createQueue(1);
  return (message) => {
    const coding = codingOf(message.headers);
    if (coding === "") return message.body;
    const decode = DECODERS.get(coding);
    if (decode === undefined) return undefined;
    const { body } = message;
    const options = { chunkSize: CHUNK_BYTES, maxOutputLength: mostBytes(body) };
    return (body.length > SMALL_BYTES ? large : small)(() => decode.later(body, options)).catch(() => undefined);
  };
}

/** The content of a message that is shown, decoded at once and as far as the body goes; undefined also where it is over `limitBytes`. */
export function contentNow({ headers, body }: CodedBody, limitBytes: number): Buffer | undefined {
  const coding = codingOf(headers);
  if (coding === "") return body;
  try {
    return DECODERS.get(coding)?.now(body, Math.min(limitBytes, mostBytes(body)));
  } catch {
    return undefined;
  }
}

/** `headers` with the codings that cannot be decoded here struck from `accept-encoding` (RFC 9110 §12.5.3); the very list where there are none. */
export function acceptDecodable(headers: RawHeaders): RawHeaders {
  const values = headerValues(headers, "accept-encoding");
  if (values.every((value) => value === decodable(value))) return headers;
  const kept: string[] = [];
  let left = 0;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = [headers[at], headers[at + 1]];
    const wanted = name.toLowerCase() === "accept-encoding" ? decodable(value) : value;
    if (wanted !== value && wanted === "") continue;
    if (name.toLowerCase() === "accept-encoding") left += 1;
    kept.push(name, wanted);
  }
  // Without the line any coding would do.
  if (left === 0) kept.push("accept-encoding", "identity");
  return kept;
}

/** The value less what cannot be decoded; the very value where nothing is struck. */
function decodable(value: string): string {
  const codings = value.split(",");
  const kept = codings.filter((coding) => isDecodable(coding));
  return kept.length === codings.length ? value : kept.join(",").trim();
}

/** Whether a member of `accept-encoding` asks for nothing that cannot be decoded; one of weight 0 asks for nothing at all. */
function isDecodable(member: string): boolean {
  const [coding = "", ...parameters] = member.split(";").map((part) => part.trim().toLowerCase());
  if (coding === "" || coding === "identity" || DECODERS.has(coding)) return true;
  return parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
}

/** The one coding in lower case; empty where there is none. A stack of them is a name that no decoder has. */
function codingOf(headers: RawHeaders): string {
  const values = headerValues(headers, "content-encoding");
  if (values.length === 0) return "";
  const coding = values.join(",").trim().toLowerCase();
  return coding === "identity" ? "" : coding;
}

interface Decoder {
  readonly later: (body: Buffer, options: ZlibOptions) => Promise<Buffer>;
  readonly now: (body: Buffer, maxOutputLength: number) => Buffer;
}

const laterRaw = promisify(inflateRaw);
const laterZlib = promisify(inflate);
const GZIP: Decoder = {
  later: promisify(gunzip),
  now: (body, maxOutputLength) => gunzipSync(body, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
};

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["gzip", GZIP],
  ["x-gzip", GZIP],
  [
    "br",
    {
      later: promisify(brotliDecompress),
      now: (body, maxOutputLength) => brotliDecompressSync(body, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
    },
  ],
  [
    "deflate",
    {
      later: (body, options) => (isZlib(body) ? laterZlib : laterRaw)(body, options),
      now: (body, maxOutputLength) =>
        (isZlib(body) ? inflateSync : inflateRawSync)(body, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
    },
  ],
]);

/** Some servers send `deflate` without zlib's two bytes (RFC 9110 §8.4.1.2). */
function isZlib(body: Buffer): boolean {
  return ((body[0] ?? 0) & 0x0f) === 8;
}

function mostBytes(body: Buffer): number {
  return Math.min(MOST_BYTES, Math.max(FREE_BYTES, body.length * MOST_TIMES));
}

/** Runs so many pieces of work at a time, the others in the order in which they came. */
function createQueue(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
