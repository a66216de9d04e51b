/** Signatures judged by other code than ours: openssl, or, where that is not installed, jsrsasign. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import jsrsasign from "jsrsasign";
import { isInstalled } from "./programs.ts";

/** Whether `openssl dgst -sha256 -verify` accepts the base64 in a `signature` header value over `content`. */
export function opensslAccepts(publicKeyPem: string, signatureHeader: string, content: string | Buffer): boolean {
  const encoded = /^algorithm=RSA256,keyVersion=1,signature=([A-Za-z0-9%]+)$/.exec(signatureHeader)?.[1];
  if (encoded === undefined) return false;
  const signature = Buffer.from(decodeURIComponent(encoded), "base64");
  const judge = isInstalled("openssl") ? opensslVerifies : jsrsasignVerifies;
  return judge(publicKeyPem, signature, Buffer.from(content));
}

function jsrsasignVerifies(publicKeyPem: string, signature: Buffer, content: Buffer): boolean {
  const verifier = new jsrsasign.KJUR.crypto.Signature({ alg: "SHA256withRSA" });
  verifier.init(publicKeyPem);
  verifier.updateHex(content.toString("hex"));
  return verifier.verify(signature.toString("hex"));
}

function opensslVerifies(publicKeyPem: string, signature: Buffer, content: Buffer): boolean {
  const folder = mkdtempSync(join(tmpdir(), "openssl-"));
  try {
    const file = (name: string, bytes: string | Buffer): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const key = file("key.pem", publicKeyPem);
    const words = ["dgst", "-sha256", "-verify", key, "-signature", file("signature", signature), file("content", content)];
    const run = spawnSync("openssl", words);
    if (run.error !== undefined) throw run.error;
    return run.status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same text with one byte in its middle changed. */
export function corrupted(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes;
}
