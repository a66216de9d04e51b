/** Derives the name of a rule without one. */
import type { MappingReader } from "./mapping-reader.ts";
import { slug } from "./slug.ts";

/** ``pay-risk-reject`` from one API and one fault with a plain value; undefined when no unique name can be derived. */
export function derivedName(reader: MappingReader, faultKeys: readonly string[]): string | undefined {
  const api = reader.source["api"];
  const keys = faultKeys.filter(reader.has);
  const [key] = keys;
  if (typeof api !== "string" || api === "*" || key === undefined || keys.length !== 1) return undefined;
  const word = plainWord(reader.source[key]);
  if (word === undefined) return undefined;
  const name = slug(key === "result" ? `${api}-${word}` : `${api}-${key}-${word}`);
  return name === "" ? undefined : name;
}

function plainWord(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "number") return String(value);
  return typeof value === "object" && value !== null && "code" in value && typeof value.code === "string" ? value.code : undefined;
}
