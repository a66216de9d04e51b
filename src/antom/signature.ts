/** Antom's signature: SHA256withRSA (PKCS#1 v1.5) over method, path, client id, time and body (docs.antom.com/ac/ams/digital_signature, 2026-11). */
import { createSign, createVerify, type KeyObject, type Sign, sign, type Verify, verify } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type Batch, createBatch } from "../base/batch.ts";
import { inSlices } from "../base/event-loop.ts";
import type { MaybePromise } from "../base/maybe-promise.ts";

/** The signed values besides the body. Strings hold the bytes of the wire as Latin-1, as in node:http. */
export interface SignedHead {
  readonly method: string;
  /** Path and query exactly as sent by the client. */
  readonly path: string;
  readonly clientId: string;
  /** The value of `request-time` or `response-time`, verbatim. */
  readonly time: string;
}

/** Signs with one private key. */
export interface Signer {
  /** Returns the value of a `signature` header; computed in the thread pool. */
  sign(head: SignedHead, body: Buffer): Promise<string>;
  /** Same for a Buffer object that serves many answers: an identical answer within the same second reuses its signature, without a promise. */
  signCanned(head: SignedHead, body: Buffer): MaybePromise<string>;
}

const CANNED_PER_BODY = 64;

/** A Signer for `key` (RSA); `keyVersion` is written into the header. */
export function createSigner(key: KeyObject, keyVersion = "1"): Signer {
  const canned = new WeakMap<Buffer, LRUCache<string, MaybePromise<string>>>();
  const batch = createBatch();
  const signFresh = async (head: SignedHead, body: Buffer): Promise<string> =>
    formatSignature(
      await (body.length > WHOLE_BYTES ? signLong(head, body, key) : signBytes(contentToSign(head, body), key, batch)),
      keyVersion,
    );
  return {
    sign: signFresh,
    signCanned(head, body) {
      const signatures = canned.get(body) ?? new LRUCache({ max: CANNED_PER_BODY });
      canned.set(body, signatures);
      const name = headText(head);
      const known = signatures.get(name);
      if (known !== undefined) return known;
      const made = signFresh(head, body).then((value) => {
        signatures.set(name, value);
        return value;
      });
      signatures.set(name, made);
      return made;
    },
  };
}

/** The signed bytes: `POST <path>\n<client-id>.<time>.<body>`, the body byte for byte. */
export function contentToSign(head: SignedHead, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(headText(head), "latin1"), body]);
}

/** `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`: the only spelling that all official SDKs accept. */
export function formatSignature(signature: Buffer, keyVersion = "1"): string {
  return `algorithm=RSA256,keyVersion=${keyVersion},signature=${encodeURIComponent(signature.toString("base64"))}`;
}

/** The signature bytes in a `signature` header, URL-encoded or raw base64, spaces after commas allowed; undefined when it cannot be parsed. */
export function parseSignature(value: string): Buffer | undefined {
  const found = /(?:^|,)\s*signature\s*=\s*([^,]+)/i.exec(value);
  const encoded = found?.[1]?.trim();
  const base64 = encoded === undefined ? undefined : urlDecoded(encoded);
  if (base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  return Buffer.from(base64, "base64");
}

/** Whether `signature` (bytes) is a signature of `publicKey` over `head` and `body`. Never throws for any bytes. */
export function verifySignature(head: SignedHead, body: Buffer, signature: Buffer, publicKey: KeyObject): boolean {
  return verify("RSA-SHA256", contentToSign(head, body), publicKey, signature);
}

/** Same for a body of any length; returns a promise only for a long body, which is hashed in slices. */
export function verifyContent(head: SignedHead, body: Buffer, signature: Buffer, publicKey: KeyObject): MaybePromise<boolean> {
  if (body.length <= WHOLE_BYTES) return verifySignature(head, body, signature, publicKey);
  const hash = createVerify("RSA-SHA256");
  return inSlices(hashing(hash, head, body)).then(() => hash.verify(publicKey, signature));
}

/** Longer bodies are hashed in slices, so that other calls continue: 16 MiB at once take 10 to 40 ms. */
const WHOLE_BYTES = 256 * 1024;
const SLICE_BYTES = 64 * 1024;

function* hashing(hash: Sign | Verify, head: SignedHead, body: Buffer): Generator<undefined, void> {
  hash.update(headText(head), "latin1");
  for (let at = 0; at < body.length; at += SLICE_BYTES) {
    hash.update(body.subarray(at, at + SLICE_BYTES));
    yield;
  }
}

/** Signs on the main thread: for a long body, hashing takes longer than signing. */
async function signLong(head: SignedHead, body: Buffer, key: KeyObject): Promise<Buffer> {
  const hash = createSign("RSA-SHA256");
  await inSlices(hashing(hash, head, body));
  return hash.sign(key);
}

/** Undefined for invalid escapes. */
function urlDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function headText(head: SignedHead): string {
  return `${head.method} ${head.path}\n${head.clientId}.${head.time}.`;
}

function signBytes(content: Buffer, key: KeyObject, batch: Batch): Promise<Buffer> {
  batch.started();
  return new Promise((resolve, reject) => {
    sign("RSA-SHA256", content, key, (error, signature) => {
      batch.finished(() => (error === null ? resolve(signature) : reject(error)));
    });
  });
}
