/** Readers of single settings: each parses a text into a value or an error. */
import { parseDuration } from "../base/duration.ts";
import type { Address } from "../base/host-port.ts";

/** An error and its remedy, without a full stop. */
export interface Wrong {
  readonly message: string;
  readonly remedy: string;
}

export type Read<T> = { readonly kind: "ok"; readonly value: T } | ({ readonly kind: "wrong" } & Wrong);

export type Reader<T> = (text: string) => Read<T>;

/** `host:port`, `[::1]:port`, `:port` (loopback) or `port` (loopback). */
export const address: Reader<Address> = (text) => {
  const parts = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]\s]*):)?(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2] ?? Number.NaN);
  if (parts === null || port > 65_535)
    return wrong(`\`${text}\` is not a valid address`, "write `host:port`, such as `127.0.0.1:8080`; port 0 takes any free one");
  const host = (parts[1] ?? "").replaceAll(/[[\]]/g, "");
  return ok({ host: host === "" ? "127.0.0.1" : host, port });
};

/** An origin: scheme, host and optional port, nothing else. */
export const origin: Reader<string> = (text) => {
  const remedy = "write scheme and host only, such as `https://open-sea-global.alipay.com`";
  if (!URL.canParse(text)) return wrong(`\`${text}\` is not a valid URL`, remedy);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return wrong(`\`${url.protocol}\` is neither http nor https`, remedy);
  if (url.username !== "" || url.password !== "") return wrong("an upstream origin must not contain credentials", remedy);
  if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") return wrong(`\`${text}\` has a path`, remedy);
  return ok(url.origin);
};

/** A DNS name or an IP address, in lower case. */
export const hostName: Reader<string> = (text) => {
  const name = text.trim().toLowerCase();
  if (/^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/.test(name) || /^[0-9a-f:]+$/.test(name)) return ok(name);
  return wrong(`\`${text}\` is not a valid host name`, "write only a name or an address, without scheme and port");
};

/** `user:password`; never printed in a message. */
export const credentials: Reader<string> = (text) =>
  /^[^:]+:.+$/.test(text) ? ok(text) : wrong("the credentials are not of the form `user:password`", "write `user:password`");

/** The URL of an HTTP proxy, credentials allowed, or `none`; never printed in a message. */
export const proxyUrl: Reader<string> = (text) => {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (text === "none" || (URL.canParse(full) && /^https?:$/.test(new URL(full).protocol))) return ok(text);
  return wrong("this is not a valid proxy URL", "write `http://proxy.example:3128`, or `none`");
};

/** Any text that is not blank. */
export const words: Reader<string> = (text) =>
  text.trim() === "" ? wrong("the value is empty", "give a value or leave the setting out") : ok(text);

export const truth: Reader<boolean> = (text) => {
  if (/^(?:true|yes|on|1)$/i.test(text)) return ok(true);
  if (/^(?:false|no|off|0)$/i.test(text)) return ok(false);
  return wrong(`\`${text}\` is neither true nor false`, "write `true` or `false`");
};

/** A duration between one millisecond and a day. */
export const duration: Reader<number> = (text) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1 && ms <= 86_400_000) return ok(ms);
  return wrong(`\`${text}\` is not a valid duration`, "write a number with a unit, such as `30s` or `1m30s`, up to 24h");
};

/** A size in bytes: `512`, `64kB`, `8MB` (1,000) or `8MiB` (1,024). */
export const size: Reader<number> = (text) => {
  const parts = /^(\d+(?:\.\d+)?)\s*(|B|kB|KB|MB|GB|KiB|MiB|GiB)$/.exec(text.trim());
  const factors: Readonly<Record<string, number>> = { kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
  const bytes = parts === null ? Number.NaN : Number(parts[1]) * (factors[parts[2] ?? ""] ?? 1);
  if (bytes >= 1 && bytes <= 2 ** 30) return ok(Math.round(bytes));
  return wrong(`\`${text}\` is not a valid size`, "write bytes or a number with kB, MB, KiB or MiB, up to 1GiB");
};

/** A whole number from 1 to a million. */
export const count: Reader<number> = (text) => {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 1_000_000
    ? ok(number)
    : wrong(`\`${text}\` is not a valid count`, "write a whole number from 1 to 1000000");
};

/** One of `choices`. */
export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (text) => {
    const chosen = choices.find((choice) => choice === text);
    const listed = choices.map((choice) => `\`${choice}\``).join(", ");
    return chosen === undefined ? wrong(`\`${text}\` is not a choice`, `write one of ${listed}`) : ok(chosen);
  };
}

function ok<T>(value: T): Read<T> {
  return { kind: "ok", value };
}

function wrong(message: string, remedy: string): { readonly kind: "wrong" } & Wrong {
  return { kind: "wrong", message, remedy };
}
