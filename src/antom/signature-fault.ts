/**
 * The fault `signature`: the answer is what it should be, its signature is not.
 *
 * What the official SDKs make of it (✔ the answer is taken, ✘ it is refused with an exception):
 *
 * | | Java | Python | PHP | Go | .NET |
 * | --- | --- | --- | --- | --- | --- |
 * | missing, releases before 2026-09 | ✔ unverified | ✘ | ✔ unverified | ✘ | ✘ |
 * | missing, releases since 2026-09 | ✔ unverified (a change is open) | ✔ if F or U | ✔ if F or U | ✘ | ✘ |
 * | corrupt, wrong-key, stale | ✘ | ✘ | ✘ | ✘ | ✘ |
 * | raw-base64 (not URL-encoded) | ✘ with `+` in it | ✘ | ✔ unverified | ✘ | ✘ with `+` in it |
 * | wrong-client-id | ✔ uses its own | ✘ | ✔ uses its own | ✘ | ✔ uses its own |
 * | capitalised | ✔ | ✘ sees none | ✔ unverified | ✔ | ✔ |
 *
 * Clients with an API key (2026-09) verify no answer: none of these changes what they do.
 *
 * `stale` sets `response-time` back an hour beneath the signature of now. HTTP/2 has no capitals: `capitalised` changes nothing there.
 */

import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { Awaitable } from "../base/maybe-promise.ts";
import { defineFault, type FaultKind, type Tampering } from "../faults/fault.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import { createSigner, formatSignature, parseSignature } from "./signature.ts";
import { responseTime } from "./times.ts";

const WORDS = ["missing", "corrupt", "stale", "wrong-key", "raw-base64", "wrong-client-id", "capitalised"] as const;
type Word = (typeof WORDS)[number];

type Spoil = (sealed: HttpResponse, tampering: Tampering) => Awaitable<HttpResponse>;

/**
 * Spoils the proxy's own signature on whatever answer goes out. An answer that the proxy did not sign is left as it is: Antom's failed signature,
 * left out or respelt, would be an answer that Java and PHP accept unverified.
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

/** The key is made when it is first needed, and never leaves the fault. */
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

/** `change` is given each line with its name in lower case, and answers with what stands in its place; undefined leaves it. */
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

/** In the shape of Antom's times; a time that cannot be read becomes one long past. */
function anHourBefore(time: string): string {
  const ms = Date.parse(time);
  return responseTime(Number.isNaN(ms) ? 0 : ms - HOUR_MS);
}

function capitalised(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
