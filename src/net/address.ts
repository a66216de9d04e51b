/** IP addresses as bytes: the one form in which certificates and the address guard compare them. */
import { isIPv4, isIPv6 } from "node:net";

/** 4 or 16 bytes in network order; undefined for anything but a plain dotted-quad or IPv6 address (octal, hex and short forms included). */
export function addressBytes(text: string): readonly number[] | undefined {
  if (isIPv4(text)) return text.split(".").map(Number);
  const plain = text.split("%")[0] ?? "";
  return isIPv6(plain) ? ipv6Bytes(plain) : undefined;
}

/** Bytes as an address again; IPv6 without abbreviation. */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, at) => hexGroup(bytes[2 * at], bytes[2 * at + 1])).join(":");
}

/** Whether the first `bits` bits of both are alike; false when the lengths differ. */
export function sharesPrefix(left: readonly number[], right: readonly number[], bits: number): boolean {
  if (left.length !== right.length) return false;
  return left.every((byte, at) => {
    const open = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff << (8 - open)) & 0xff;
    return (byte & mask) === ((right[at] ?? 0) & mask);
  });
}

/** The address that an IPv4-mapped IPv6 address stands for, else the address itself: what a dual-stack socket reports as `::ffff:10.0.0.1`. */
export function unmapped(bytes: readonly number[]): readonly number[] {
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return mapped ? bytes.slice(12) : bytes;
}

/** Whether both texts name the same address, whatever the spelling; false unless both are addresses. */
export function sameAddress(left: string, right: string): boolean {
  const a = addressBytes(left);
  const b = addressBytes(right);
  if (a === undefined || b === undefined) return false;
  const plain = unmapped(b);
  return sharesPrefix(unmapped(a), plain, plain.length * 8);
}

/** `text` is known to be valid. */
function ipv6Bytes(text: string): number[] {
  const quad = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const groups = quad === null ? text : `${quad[1]}${hexGroup(quad[2], quad[3])}:${hexGroup(quad[4], quad[5])}`;
  const [head = "", tail] = groups.split("::");
  const left = groupBytes(head);
  if (tail === undefined) return left;
  const right = groupBytes(tail);
  return [...left, ...Array.from({ length: 16 - left.length - right.length }, () => 0), ...right];
}

function hexGroup(high: string | number | undefined, low: string | number | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

function groupBytes(groups: string): number[] {
  if (groups === "") return [];
  return groups.split(":").flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
