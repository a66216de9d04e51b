/**
 * The fault `signature`: a correct answer with an invalid signature.
 *
 * Behaviour of the official SDKs (✔ accepted, ✘ refused with an exception):
 *
 * | | Java | Python | PHP | Go | .NET |
 * | --- | --- | --- | --- | --- | --- |
 * | missing, releases before 2026-09 | ✔ unverified | ✘ | ✔ unverified | ✘ | ✘ |
 * | missing, releases since 2026-09 | ✔ unverified (a change is open) | ✔ if F or U | ✔ if F or U | ✘ | ✘ |
 * | corrupt, wrong-key, stale | ✘ | ✘ | ✘ | ✘ | ✘ |
 * | raw-base64 (not URL-encoded) | ✘ with `+` in it | ✘ | ✔ unverified | ✘ | ✘ with `+` in it |
 * | wrong-client-id | ✔ uses its own | ✘ | ✔ uses its own | ✘ | ✔ uses its own |
 * | capitalised | ✔ | ✘ not found | ✔ unverified | ✔ | ✔ |
 *
 * Clients with an API key (2026-09) verify no signatures and are not affected.
 *
 * `stale` sets `response-time` back one hour without changing the signature. HTTP/2 header names have no capitals: `capitalised` has no effect there.
 */

import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { MaybePromise } from "../base/maybe-promise.ts";
import { defineFault, type FaultKind, type Tampering } from "../faults/fault.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import { createSigner, formatSignature, parseSignature } from "./signature.ts";
import { responseTime } from "./times.ts";

const WORDS = ["missing", "corrupt", "stale", "wrong-key", "raw-base64", "wrong-client-id", "capitalised"] as const;
type Word = (typeof WORDS)[number];

type Spoil = (sealed: HttpResponse, tampering: Tampering) => MaybePromise<HttpResponse>;

/**
 * Damages the proxy's own signature on an answer. An answer that the proxy did not sign is left unchanged: without Antom's failed signature,
 * or with a changed spelling of it, Java and PHP would accept the answer unverified.
 */
export const signatureFault: FaultKind = defineFault({
  key: "signature",
  schema: z.enum(WORDS).meta({ description: "what is wrong with the answer's signature; the answer itself is right" }),
  compile(word) {
    const spoil = spoilerOf(word);
    return {
      kind: "ok",
      value: { kind: "signature", summary: SUMMARIES[word], answer: "needs", effects: () => [{ kind: "tamper", spoil }] },
    };
  },
});

const SUMMARIES: Readonly<Record<Word, string>> = {
  missing: "leaves the signature out",
  corrupt: "changes one bit of the signature",
  stale: "dates the answer back an hour under its signature",
  "wrong-key": "signs with a key that is not Antom's",
  "raw-base64": "does not URL-encode the signature",
  "wrong-client-id": "names another client id",
  capitalised: "capitalises the names of Antom's header lines",
};

const HOUR_MS = 3_600_000;
const OTHER_CLIENT = "SANDBOX_5X99999999999999";

function spoilerOf(word: Word): Spoil {
  switch (word) {
    case "missing":
      return (sealed) => ({ ...sealed, headers: mapHeaders(sealed, (name) => (name === "signature" ? [] : undefined)) });
    case "corrupt":
      return (sealed) => withSignature(sealed, (bytes) => formatSignature(flipped(bytes)));
    case "raw-base64":
      return (sealed) => withSignature(sealed, (bytes) => `algorithm=RSA256,keyVersion=1,signature=${bytes.toString("base64")}`);
    case "stale":
      return (sealed) => ({
        ...sealed,
        headers: mapHeaders(sealed, (name, value) => (name === "response-time" ? [name, anHourBefore(value)] : undefined)),
      });
    case "wrong-client-id":
      return (sealed) => ({ ...sealed, headers: mapHeaders(sealed, (name) => (name === "client-id" ? [name, OTHER_CLIENT] : undefined)) });
    case "capitalised":
      return (sealed) => ({
        ...sealed,
        headers: mapHeaders(sealed, (name, value) => (LINES.has(name) ? [capitalised(name), value] : undefined)),
      });
    case "wrong-key":
      return signWithOtherKey();
    default:
      return word satisfies never;
  }
}

const LINES: ReadonlySet<string> = new Set(["signature", "client-id", "response-time"]);

/** The key is generated on first use and stays inside the fault. */
function signWithOtherKey(): Spoil {
  let key: Promise<KeyObject> | undefined;
  return async (sealed, { request, signedContent }) => {
    const time = headerValue(sealed.headers, "response-time") ?? "";
    key ??= promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then((pair) => pair.privateKey);
    const head = { method: request.method, path: request.path, clientId: headerValue(sealed.headers, "client-id") ?? "", time };
    const signature = await createSigner(await key).sign(head, signedContent);
    return withSignature(sealed, () => signature);
  };
}

function withSignature(sealed: HttpResponse, respell: (bytes: Buffer) => string): HttpResponse {
  const headers = mapHeaders(sealed, (name, value) => {
    const bytes = name === "signature" ? parseSignature(value) : undefined;
    return bytes === undefined ? undefined : [name, respell(bytes)];
  });
  return { ...sealed, headers };
}

/** Calls `change` with each header, its name in lower case; a returned list replaces the header, undefined keeps it. */
function mapHeaders({ headers }: HttpResponse, change: (name: string, value: string) => readonly string[] | undefined): string[] {
  const changed: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = [headers[at], headers[at + 1]];
    changed.push(...(change(name.toLowerCase(), value) ?? [name, value]));
  }
  return changed;
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

/** In the format of Antom's times; an unreadable time becomes a time in the distant past. */
function anHourBefore(time: string): string {
  const ms = Date.parse(time);
  return responseTime(Number.isNaN(ms) ? 0 : ms - HOUR_MS);
}

function capitalised(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
