/** Decodes the content coding of a body within limits; used by all code that reads bodies. */
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

/** The parts of a message that its content depends on. */
export interface CodedBody {
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/**
 * Returns the body with its content coding removed; undefined when the coding is unknown, stacked or damaged, or the content exceeds its limits. Returns the
 * same body, and no promise, when there is no coding. Never rejects.
 */
export type ContentOf = (message: CodedBody) => Buffer | undefined | Promise<Buffer | undefined>;

/** Largest content that is decoded, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Maximum ratio of content to body, above `FREE_BYTES`: JSON compresses 5 to 30 times, a zip bomb a thousand times. */
const MOST_TIMES = 100;
const FREE_BYTES = 1024 * 1024;
/** Output size of one zlib job; the thread pool, which also computes signatures, is free between jobs. */
const CHUNK_BYTES = 64 * 1024;

/** Bodies up to this size do not queue behind larger ones. */
const SMALL_BYTES = 16 * 1024;
const SMALL_AT_A_TIME = 8;

/** Creates a reader; the amount decoded concurrently is limited for all its users. */
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

/** Decodes a message for display, synchronously and as far as the body goes; undefined also when it exceeds `limitBytes`. */
export function contentNow({ headers, body }: CodedBody, limitBytes: number): Buffer | undefined {
  const coding = codingOf(headers);
  if (coding === "") return body;
  try {
    return DECODERS.get(coding)?.now(body, Math.min(limitBytes, mostBytes(body)));
  } catch {
    return undefined;
  }
}

/** `headers` without the codings in `accept-encoding` that cannot be decoded here (RFC 9110 §12.5.3); the same list when there are none. */
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
  // Without the header, every coding would be acceptable.
  if (left === 0) kept.push("accept-encoding", "identity");
  return kept;
}

/** The value without codings that cannot be decoded; the same value when nothing is removed. */
function decodable(value: string): string {
  const codings = value.split(",");
  const kept = codings.filter((coding) => isDecodable(coding));
  return kept.length === codings.length ? value : kept.join(",").trim();
}

/** Whether a member of `accept-encoding` can be decoded here; a member of weight 0 requests nothing. */
function isDecodable(member: string): boolean {
  const [coding = "", ...parameters] = member.split(";").map((part) => part.trim().toLowerCase());
  if (coding === "" || coding === "identity" || DECODERS.has(coding)) return true;
  return parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
}

/** The single coding in lower case; empty when there is none. Several codings give a name without a decoder. */
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

/** Some servers send `deflate` without the zlib header (RFC 9110 §8.4.1.2). */
function isZlib(body: Buffer): boolean {
  return ((body[0] ?? 0) & 0x0f) === 8;
}

function mostBytes(body: Buffer): number {
  return Math.min(MOST_BYTES, Math.max(FREE_BYTES, body.length * MOST_TIMES));
}

/** Runs a limited number of tasks at a time, the others in order of arrival. */
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
