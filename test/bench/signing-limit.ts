/** How many RSA-2048 signatures this machine makes a second on all its cores: no proxy that signs can be faster. */
import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { promisify } from "node:util";

/** Measured for one second; undefined without openssl. */
export async function measureSigningLimit(): Promise<number | undefined> {
  const words = ["speed", "-multi", String(cpus().length), "-seconds", "1", "rsa2048"];
  const ran = await promisify(execFile)("openssl", words).catch(() => undefined);
  // `rsa 2048 bits 0.000234s 0.000007s   4272.4 147928.8`: seconds for sign and verify, then both a second.
  const found = /^rsa +2048 bits +\S+ +\S+ +(\d+(?:\.\d+)?)/m.exec(ran?.stdout ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}
