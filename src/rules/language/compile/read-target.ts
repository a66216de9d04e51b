/** Reads which calls a rule matches: `api` or `path`. */

import type { Matcher } from "../../rule.ts";
import { matchPath } from "../matchers/path.ts";
import type { Operations } from "../operations.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { RULE_SHAPES } from "./authored.ts";
import type { MappingReader } from "./mapping-reader.ts";

export interface Target {
  /** In order of name; undefined for any operation. */
  readonly operations: readonly string[] | undefined;
  readonly path: string | undefined;
  readonly matchers: readonly Matcher[];
}

/** The target of the rule under `reader`; mistakes are recorded there. */
export function readTarget(reader: MappingReader, vocabulary: Vocabulary): Target {
  const api = reader.read("api", RULE_SHAPES.api);
  const path = reader.read("path", RULE_SHAPES.path);
  if (reader.has("api") && reader.has("path")) {
    reader.fail({ path: ["path"], at: "key", message: "`api` and `path` cannot be combined", remedy: "keep one of them" });
  }
  if (!reader.has("api") && !reader.has("path")) {
    reader.fail({
      path: [],
      message: "the rule does not name its calls",
      remedy: 'add `api: pay`, a list of APIs, or `api: "*"` for all',
    });
  }
  const operations = api === undefined ? undefined : readOperations(reader, [api].flat(), vocabulary.operations);
  return { operations, path, matchers: path === undefined ? [] : [matchPath(path)] };
}

function readOperations(reader: MappingReader, names: readonly string[], operations: Operations): readonly string[] | undefined {
  if (names.includes("*")) {
    if (names.length > 1)
      reader.fail({ path: ["api"], message: '`"*"` cannot be combined with other APIs', remedy: "it matches all of them: use it alone" });
    return undefined;
  }
  for (const [index, name] of names.entries()) {
    const checked = operations.check(name);
    if (checked.kind === "ok") continue;
    const path = Array.isArray(reader.source["api"]) ? ["api", index] : ["api"];
    reader.fail({ path, message: checked.message, ...(checked.remedy === undefined ? {} : { remedy: checked.remedy }) });
  }
  return [...new Set(names)].sort();
}
