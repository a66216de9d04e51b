/** The connection to Redis or Valkey: every command has a deadline, nothing is queued while it is down, and it reconnects automatically. */
import { createHash } from "node:crypto";
import { createClient } from "@redis/client";
import type { Clock } from "../../base/clock.ts";
import type { Script } from "./scripts.ts";

export interface RedisLink {
  /** Runs a script. Rejects when Redis is unreachable, answers too late, or refuses (read-only, out of memory …). */
  run(script: Script, keys: readonly string[], words: readonly string[]): Promise<unknown>;
  /** Sends one command; rejects as `run` does. */
  send(...words: readonly string[]): Promise<unknown>;
  /** Closes the connection; no further commands are sent. */
  close(): void;
}

export interface RedisLinkOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly onReady: () => void;
  /** The connection broke or failed; `detail` is for people and contains no secret. */
  readonly onLost: (detail: string) => void;
  readonly deadlineMs: number;
}

const CONNECT_MS = 2000;
/** A connection without incoming bytes for this long, heartbeats included, is closed, because the other machine may have failed silently. */
const SILENCE_MS = 5000;
const LONGEST_PAUSE_MS = 1000;

/** Connects immediately and retries until closed. */
export function openRedisLink(options: RedisLinkOptions): RedisLink {
  const { clock, deadlineMs } = options;
  const client = createClient({
    url: options.url,
    RESP: 2,
    name: "antom-fault-proxy",
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(retries, 5)),
    },
  });
  let trouble = "not connected yet";
  const onError = (error: unknown): void => {
    trouble = detailOf(error);
    options.onLost(trouble);
  };
  client.on("error", onError);
  client.on("ready", options.onReady);
  client.connect().catch(onError);
  const hashes = new Map<Script, string>();
  const hashOf = (script: Script): string => hashes.get(script) ?? remember(hashes, script);
  const send = async (words: readonly string[]): Promise<unknown> => {
    if (!client.isReady) throw new Error(trouble);
    return await within(clock, deadlineMs, client.sendCommand([...words]));
  };
  return {
    send: (...words) => send(words),
    async run(script, keys, words) {
      const rest = [String(keys.length), ...keys, ...words];
      try {
        return await send(["EVALSHA", hashOf(script), ...rest]);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return await send(["EVAL", script.source, ...rest]);
      }
    },
    close() {
      if (client.isOpen) client.destroy();
    },
  };
}

/** A description of the error for people: the code of the system or of Redis. */
export function detailOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return detailOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.message === "" ? error.name : error.message;
}

async function within(clock: Clock, ms: number, answer: Promise<unknown>): Promise<unknown> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(() => {
    throw new Error(`no answer within ${ms} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}

/** The hash by which Redis identifies a script that it has run before. */
function remember(hashes: Map<Script, string>, script: Script): string {
  const hash = createHash("sha1").update(script.source).digest("hex");
  hashes.set(script, hash);
  return hash;
}
