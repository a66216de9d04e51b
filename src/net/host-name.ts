/** Parses host names and `host:port` strictly: anything but a plain name or address is refused. */
import { isIP } from "node:net";

/** A host (lower case; a name without its final dot, an address without brackets) and its port. */
export interface Authority {
  readonly host: string;
  readonly port: number;
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** A name whose last label is a number may be read as an address by `inet_aton`: `0177.1`, `0x7f000001`, `2130706433`. */
const NUMERIC = /^(?:\d+|0x[0-9a-f]*)$/;

/** `text` as a lower-case DNS name or a plain IP address; undefined when it is neither (RFC 1123 §2.1, underscores allowed as in practice). */
export function readHost(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIP(bare) !== 0) return bare.toLowerCase();
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  if (name.length > 253 || !labels.every((label) => LABEL.test(label)) || NUMERIC.test(labels.at(-1) ?? "")) return undefined;
  return name;
}

/** `host:port` or `[address]:port` (RFC 9112 §3.2.3), the port 1 to 65535 and, unless `defaultPort` is given, required; undefined when malformed. */
export function readAuthority(text: string, defaultPort?: number): Authority | undefined {
  const [, name = "", digits] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = readHost(name);
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
