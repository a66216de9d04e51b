/** Verify and sign, the plain way with node:crypto: what the hand-written peers do, and none of the project's own code. */
import { type KeyObject, sign, verify } from "node:crypto";

export interface Answered {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A new `signature` value; undefined when the gateway's own does not verify. */
export function resign(answer: Answered, keys: { readonly gateway: KeyObject; readonly own: KeyObject }): string | undefined {
  const { headers, body } = answer;
  const content = Buffer.concat([Buffer.from(`POST ${answer.path}\n${headers["client-id"]}.${headers["response-time"]}.`), body]);
  const theirs = String(headers["signature"]).split("signature=")[1] ?? "";
  if (!verify("RSA-SHA256", content, keys.gateway, Buffer.from(decodeURIComponent(theirs), "base64"))) return undefined;
  const ours = sign("RSA-SHA256", content, keys.own).toString("base64");
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(ours)}`;
}
