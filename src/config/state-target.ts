/** The storage of windows and tallies: a file of this process, or a Redis shared by several replicas. */
import type { Reader } from "./readers.ts";

export interface RedisTarget {
  /** The URL for the client: scheme, credentials, host, port, database; without the query. Must not be printed. */
  readonly url: string;
  /** The URL without credentials, for printing: `redis://cache:6379/0`. */
  readonly shown: string;
  /** Prefix of every key; replicas with the same prefix share their windows and must have the same rules. */
  readonly prefix: string;
}

export type StateTarget = { readonly kind: "file"; readonly path: string } | ({ readonly kind: "redis" } & RedisTarget);

const STANDARD_PREFIX = "antom-fault-proxy";
const REMEDY = "write `redis://host:port/database` or `rediss://…` for TLS, with `?prefix=name` to keep several teams apart";

/** A path, or a URL of Redis or Valkey. Messages never contain the URL, which may hold a password. */
export const stateTarget: Reader<StateTarget> = (text) => {
  if (text.trim() === "") return wrong("the value is empty", "name a file, or leave the setting out");
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: "ok", value: { kind: "file", path: text } };
  if (!URL.canParse(text)) return wrong("the URL cannot be read", REMEDY);
  const url = new URL(text);
  if (url.protocol !== "redis:" && url.protocol !== "rediss:") return wrong(`\`${url.protocol}\` is neither redis nor rediss`, REMEDY);
  if (url.hostname === "") return wrong("the URL has no host", REMEDY);
  if (!/^(?:\/\d*)?$/.test(url.pathname)) return wrong("only a database number may follow the host", REMEDY);
  const prefix = url.searchParams.get("prefix") ?? STANDARD_PREFIX;
  const strangers = [...url.searchParams.keys()].filter((key) => key !== "prefix");
  if (strangers.length > 0) return wrong(`\`${strangers.join("`, `")}\` is not a known parameter`, REMEDY);
  if (!/^[\w.-]{1,64}$/.test(prefix))
    return wrong(`\`${prefix}\` is not a valid prefix`, "write up to 64 letters, digits, `.`, `_` or `-`");
  return { kind: "ok", value: { kind: "redis", prefix, ...withoutQuery(url) } };
};

function withoutQuery(url: URL): { url: string; shown: string } {
  const shown = `${url.protocol}//${url.hostname}:${url.port === "" ? "6379" : url.port}/${url.pathname.slice(1) || "0"}`;
  const plain = new URL(url);
  plain.search = "";
  plain.hash = "";
  if (plain.pathname === "/") plain.pathname = "";
  return { url: plain.href, shown };
}

function wrong(message: string, remedy: string): ReturnType<Reader<never>> {
  return { kind: "wrong", message, remedy };
}
