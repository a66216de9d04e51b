/** Reads the text of temporary rules. */
import type { Problem } from "../base/problem.ts";
import { parseInSlices } from "./files/load.ts";
import type { Source } from "./language/parse.ts";
import type { Vocabulary } from "./language/vocabulary.ts";
import type { TemporaryRule } from "./layers.ts";

/** The `file` of temporary rules that were added one by one. */
export const TEMPORARY_FILE = "temporary rule";

/** The rules of the text in its order, or every problem with them. */
export type ParsedTemporary =
  | { readonly kind: "ok"; readonly temporary: readonly TemporaryRule[] }
  | { readonly kind: "bad"; readonly problems: readonly Problem[] };

/** Parses `source` as temporary rules; its `file` names the text in problems and lists. */
export async function parseTemporary(source: Source, vocabulary: Vocabulary): Promise<ParsedTemporary> {
  const parsed = await parseInSlices([{ ...source, layer: "temporary" }], vocabulary);
  if (parsed.kind === "bad") return parsed;
  return { kind: "ok", temporary: parsed.rules.rules.map((rule) => ({ rule, source })) };
}
