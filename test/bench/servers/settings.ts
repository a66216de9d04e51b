/** What a server of the benchmark is told on its command line, and how it says that it is ready. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:net";

/** `node server.js --upstream http://… --mode …` as a map; a word without a value is left out. */
export function readWords(): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (let at = 2; at + 1 < process.argv.length; at += 2) words.set((process.argv[at] ?? "").slice(2), process.argv[at + 1] ?? "");
  return words;
}

export function wordOf(words: ReadonlyMap<string, string>, name: string): string {
  const word = words.get(name);
  if (word === undefined) throw new Error(`--${name} is missing`);
  return word;
}

export function privateKeyIn(file: string): KeyObject {
  return createPrivateKey(readFileSync(file));
}

export function publicKeyIn(file: string): KeyObject {
  return createPublicKey(readFileSync(file));
}

/** Listens on loopback, on `port` or any free one, and prints the address; ends with the process that started it. */
export function listen(server: Server, port = 0): void {
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    const bound = typeof address === "object" && address !== null ? address.port : port;
    announce(`http://127.0.0.1:${bound}`);
  });
}

export function announce(origin: string): void {
  process.stdout.write(`listening ${origin}\n`);
}

/** The address in a server's output; undefined before it is there. */
export function announcedOrigin(output: string): string | undefined {
  return /^listening (\S+)$/m.exec(output)?.[1];
}
