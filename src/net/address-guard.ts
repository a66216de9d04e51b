/** Which addresses a tunnel may be opened to: the public internet, and nothing that only this machine or its network can reach. */
import { addressBytes, sharesPrefix, unmapped } from "./address.ts";

interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
  readonly name: string;
}

/** RFC 6890 and the IANA special-purpose registries (2026-11), and what clouds answer on: the most telling range comes first. */
const RANGES: readonly Range[] = [
  range("0.0.0.0/8", "unspecified"),
  range("127.0.0.0/8", "loopback"),
  range("169.254.169.254/32", "cloud metadata"),
  range("169.254.0.0/16", "link-local"),
  range("100.100.100.200/32", "cloud metadata"),
  range("168.63.129.16/32", "cloud metadata"),
  range("100.64.0.0/10", "carrier-grade NAT"),
  range("10.0.0.0/8", "private"),
  range("172.16.0.0/12", "private"),
  range("192.168.0.0/16", "private"),
  range("192.0.0.0/24", "reserved"),
  range("192.0.2.0/24", "documentation"),
  range("192.31.196.0/24", "reserved"),
  range("192.52.193.0/24", "reserved"),
  range("192.88.99.0/24", "reserved"),
  range("192.175.48.0/24", "reserved"),
  range("198.18.0.0/15", "benchmarking"),
  range("198.51.100.0/24", "documentation"),
  range("203.0.113.0/24", "documentation"),
  range("224.0.0.0/4", "multicast"),
  range("240.0.0.0/4", "reserved"),
  range("::/128", "unspecified"),
  range("::1/128", "loopback"),
  range("fd00:ec2::254/128", "cloud metadata"),
  range("fc00::/7", "private"),
  range("fe80::/10", "link-local"),
  range("fec0::/10", "site-local"),
  range("ff00::/8", "multicast"),
  range("2001::/23", "reserved"),
  range("2001:db8::/32", "documentation"),
  range("2002::/16", "6to4"),
  range("2620:4f:8000::/48", "reserved"),
  range("3fff::/20", "documentation"),
];

const LOOPBACK = RANGES.filter(({ name }) => name === "loopback");
const GLOBAL_UNICAST = range("2000::/3", "global unicast");
/** NAT64 (RFC 6052): the IPv4 address stands in the last four bytes. */
const NAT64 = range("64:ff9b::/96", "NAT64");

/** Why no tunnel may lead to `address` (`loopback`, `private` …); undefined when it is a public address. */
export function forbiddenRange(address: string): string | undefined {
  const bytes = addressBytes(address);
  return bytes === undefined ? "not an IP address" : rangeOf(unmapped(bytes));
}

/** Whether `address` can only be this machine: a connection that arrives on it comes from here. */
export function isLoopback(address: string): boolean {
  const bytes = addressBytes(address);
  return bytes !== undefined && LOOPBACK.some((candidate) => holds(candidate, unmapped(bytes)));
}

/** Whether a listener on `host` is reached from this machine alone: a loopback address, in brackets or not, or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || isLoopback(bare);
}

function rangeOf(bytes: readonly number[]): string | undefined {
  if (holds(NAT64, bytes)) return rangeOf(bytes.slice(12));
  const found = RANGES.find((candidate) => holds(candidate, bytes));
  if (found !== undefined) return found.name;
  return bytes.length === 4 || holds(GLOBAL_UNICAST, bytes) ? undefined : "reserved";
}

function holds(candidate: Range, bytes: readonly number[]): boolean {
  return sharesPrefix(candidate.bytes, bytes, candidate.bits);
}

function range(cidr: string, name: string): Range {
  const [address = "", bits] = cidr.split("/");
  return { bytes: addressBytes(address) ?? [], bits: Number(bits), name };
}
