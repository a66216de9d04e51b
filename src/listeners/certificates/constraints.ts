/** The names that a CA may certify, written into its certificate as critical name constraints (RFC 5280 §4.2.1.10), which every client enforces. */
import { addressBytes, addressText, sharesPrefix } from "../../net/address.ts";

/** A DNS name with its subdomains, or a block of addresses. */
export type Constraint =
  | { readonly kind: "dns"; readonly name: string }
  | { readonly kind: "ip"; readonly bytes: readonly number[]; readonly bits: number };

/** jsrsasign's GeneralName; an address in a constraint is followed by its mask, all in hex. */
export type GeneralName = { readonly dns: string } | { readonly ip: string };

/** The constraints of every CA besides the requested hosts: this machine. */
export const localConstraints: readonly Constraint[] = [
  { kind: "dns", name: "localhost" },
  { kind: "ip", bytes: [127, 0, 0, 0], bits: 8 },
  { kind: "ip", bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], bits: 128 },
];

/** The narrowest constraint that allows `host` (name or IP address). */
export function constraintFor(host: string): Constraint {
  const bytes = addressBytes(host);
  return bytes === undefined ? { kind: "dns", name: plainName(host) } : { kind: "ip", bytes, bits: bytes.length * 8 };
}

/** Whether `permitted` allows a certificate for `host`. */
export function covers(permitted: readonly Constraint[], host: string): boolean {
  const bytes = addressBytes(host);
  const name = plainName(host);
  return permitted.some((constraint) => {
    if (constraint.kind === "ip") return bytes !== undefined && sharesPrefix(constraint.bytes, bytes, constraint.bits);
    return bytes === undefined && (name === constraint.name || name.endsWith(`.${constraint.name}`));
  });
}

/** Names are compared case-insensitively and without their final dot. */
function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

/** For people: `localhost`, `10.1.2.3`, `127.0.0.0/8`. */
export function constraintText(constraint: Constraint): string {
  if (constraint.kind === "dns") return constraint.name;
  const text = addressText(constraint.bytes);
  return constraint.bits === constraint.bytes.length * 8 ? text : `${text}/${constraint.bits}`;
}

/** The single addresses in `permitted`, as text. */
export function singleAddresses(permitted: readonly Constraint[]): string[] {
  const single = permitted.filter((constraint) => constraint.kind === "ip" && constraint.bits === constraint.bytes.length * 8);
  return single.map((constraint) => (constraint.kind === "ip" ? addressText(constraint.bytes) : ""));
}

/** `host` in the form of a subject alternative name. */
export function alternativeName(host: string): GeneralName {
  const bytes = addressBytes(host);
  return bytes === undefined ? { dns: host } : { ip: hex(bytes) };
}

export function constraintName(constraint: Constraint): GeneralName {
  if (constraint.kind === "dns") return { dns: constraint.name };
  const mask = constraint.bytes.map((_, at) => (0xff << (8 - Math.min(8, Math.max(0, constraint.bits - at * 8)))) & 0xff);
  return { ip: hex([...constraint.bytes, ...mask]) };
}

/** Parses a permitted subtree from jsrsasign (`{dns: "a.example"}`, `{ip: "10.0.0.0/8"}`); undefined for other types. */
export function readConstraint(subtree: unknown): Constraint | undefined {
  if (typeof subtree !== "object" || subtree === null) return undefined;
  if ("dns" in subtree && typeof subtree.dns === "string") return { kind: "dns", name: subtree.dns.toLowerCase().replace(/^\./, "") };
  if ("ip" in subtree && typeof subtree.ip === "string") return readBlock(subtree.ip);
  return undefined;
}

function readBlock(text: string): Constraint | undefined {
  const [address = "", bits = ""] = text.split("/");
  const bytes = addressBytes(address);
  return bytes === undefined || !/^\d+$/.test(bits) ? undefined : { kind: "ip", bytes, bits: Number(bits) };
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("hex");
}
