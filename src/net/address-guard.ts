/** Which addresses a tunnel may be opened to: the public internet, and nothing that only this machine or its network can reach. */
import { BlockList } from "node:net";
import { addressBytes, addressText, unmapped } from "./address.ts";

/**
 * RFC 6890 and the IANA special-purpose registries (2026-11), and what clouds answer on. The first name whose ranges hold an address is
 * told: that of a wider range comes after that of a range within it.
 */
const RANGES = {
  "cloud metadata": ["169.254.169.254/32", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128"],
  unspecified: ["0.0.0.0/8", "::/128"],
  loopback: ["127.0.0.0/8", "::1/128"],
  "link-local": ["169.254.0.0/16", "fe80::/10"],
  "site-local": ["fec0::/10"],
  "carrier-grade NAT": ["100.64.0.0/10"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
  documentation: ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
  benchmarking: ["198.18.0.0/15"],
  multicast: ["224.0.0.0/4", "ff00::/8"],
  "6to4": ["2002::/16"],
  reserved: [
    "192.0.0.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.175.48.0/24",
    "240.0.0.0/4",
    "2001::/23",
    "2620:4f:8000::/48",
  ],
} satisfies Readonly<Record<string, readonly string[]>>;

const LISTS: readonly (readonly [name: string, list: BlockList])[] = Object.entries(RANGES).map(([name, ranges]) => [name, listOf(ranges)]);
const LOOPBACK = listOf(RANGES.loopback);
const GLOBAL_UNICAST = listOf(["2000::/3"]);
/** NAT64 (RFC 6052): the IPv4 address stands in the last four bytes. */
const NAT64 = listOf(["64:ff9b::/96"]);

/** Why no tunnel may lead to `address` (`loopback`, `private` …); undefined when it is a public address. */
export function forbiddenRange(address: string): string | undefined {
  const bytes = addressBytes(address);
  return bytes === undefined ? "not an IP address" : rangeOf(unmapped(bytes));
}

/** Whether `address` can only be this machine: a connection that arrives on it comes from here. */
export function isLoopback(address: string): boolean {
  const bytes = addressBytes(address);
  if (bytes === undefined) return false;
  const plain = unmapped(bytes);
  return LOOPBACK.check(addressText(plain), plain.length === 4 ? "ipv4" : "ipv6");
}

/** Whether a listener on `host` is reached from this machine alone: a loopback address, in brackets or not, or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || isLoopback(bare);
}

/** `bytes` are in the form that names an IPv4 address by 4 bytes. */
function rangeOf(bytes: readonly number[]): string | undefined {
  const address = addressText(bytes);
  if (bytes.length === 4) return nameFor(address, "ipv4");
  if (NAT64.check(address, "ipv6")) return rangeOf(bytes.slice(12));
  return nameFor(address, "ipv6") ?? (GLOBAL_UNICAST.check(address, "ipv6") ? undefined : "reserved");
}

function nameFor(address: string, family: "ipv4" | "ipv6"): string | undefined {
  return LISTS.find(([, list]) => list.check(address, family))?.[0];
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    list.addSubnet(address, Number(bits), address.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}
