/** The folder of one run of the benchmark, outside the repository: keys, rules, outputs; gone afterwards. */
import type { KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchKeys, makeBenchKeys } from "./workload.ts";

export interface BenchFolder {
  readonly path: string;
  readonly keys: BenchKeys;
  readonly files: {
    readonly gatewayPrivate: string;
    readonly gatewayPublic: string;
    readonly proxyPrivate: string;
  };
  /** Makes a folder in it. */
  folder(name: string): string;
  remove(): void;
}

export function makeBenchFolder(): BenchFolder {
  const path = mkdtempSync(join(tmpdir(), "antom-bench-"));
  const keys = makeBenchKeys();
  const write = (name: string, key: KeyObject): string => {
    const file = join(path, name);
    const type = key.type === "private" ? "pkcs8" : "spki";
    writeFileSync(file, key.export({ type, format: "pem" }), { mode: 0o600 });
    return file;
  };
  return {
    path,
    keys,
    files: {
      gatewayPrivate: write("gateway.key", keys.gateway.privateKey),
      gatewayPublic: write("gateway.pub", keys.gateway.publicKey),
      proxyPrivate: write("proxy.key", keys.proxy.privateKey),
    },
    folder(name) {
      const made = join(path, name);
      mkdirSync(made, { recursive: true });
      return made;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
