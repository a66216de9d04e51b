/** Reads and rebuilds flat raw header lists; names are compared case-insensitively, values are never changed. */
import type { RawHeaders } from "./message.ts";

/** Every value of the header `name` (given in lower case), in order; empty when it is absent. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (sameName(headers[at], name)) values.push(headers[at + 1] ?? "");
  }
  return values;
}

/** The first value of the header `name` (given in lower case), or undefined. */
export function headerValue(headers: RawHeaders, name: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (sameName(headers[at], name)) return headers[at + 1];
  }
  return undefined;
}

/** A case-insensitive set of header names. */
export interface NameSet {
  has(name: string): boolean;
}

/** A set of these names (lower case). It compares lengths first, which avoids most conversions to lower case. */
export function nameSet(names: Iterable<string>): NameSet {
  const set = new Set(names);
  const lengths = new Set([...set].map((name) => name.length));
  return { has: (name) => lengths.has(name.length) && set.has(name.toLowerCase()) };
}

/** The lines whose name is not in `names`, in order and as written. */
export function dropHeaders(headers: RawHeaders, names: NameSet): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (!names.has(name)) kept.push(name, headers[at + 1] ?? "");
  }
  return kept;
}

/** The lines for which `keep(lower-case name, value)` holds, in order and as written. */
export function keepHeaders(headers: RawHeaders, keep: (name: string, value: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    if (keep(name.toLowerCase(), value)) kept.push(name, value);
  }
  return kept;
}

/** The lines as pairs of name and value. */
export function headerPairs(headers: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at] ?? "", headers[at + 1] ?? ""]);
  return pairs;
}

function sameName(candidate: string | undefined, name: string): boolean {
  return candidate !== undefined && candidate.length === name.length && candidate.toLowerCase() === name;
}
