/** The identity of a rule: its name and a hash of its meaning, independent of its spelling. */
import { createHash } from "node:crypto";

/** `value` as canonical JSON: keys sorted, undefined omitted. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const inner: unknown = Reflect.get(value, key);
    if (inner !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(inner)}`;
  }
  return `{${text}}`;
}

/** `name@` and twelve hex digits of the hash of `meaning`. */
export function identityOf(name: string, meaning: unknown): string {
  return `${name}@${hashOf(canonical(meaning))}`;
}

/** Twelve hex digits. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
