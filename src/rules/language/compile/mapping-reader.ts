/** Reads one authored mapping key by key and collects all mistakes. */
import type { z } from "zod";
import type { Mistake } from "../../../faults/fault.ts";
import { describeValue, readShape } from "../../../faults/mistakes.ts";
import { suggestion } from "../../../faults/nearest.ts";
import { SYNONYMS } from "./authored.ts";

export interface MappingReader {
  /** The mapping as authored; empty when the value was not a mapping. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly mistakes: readonly Mistake[];
  has(key: string): boolean;
  /** The value of `key` parsed by `schema`; undefined when missing or invalid (the mistakes are then recorded). */
  read<T>(key: string, schema: z.ZodType<T>): T | undefined;
  /** Records a mistake. */
  fail(mistake: Mistake): void;
  /** Records mistakes inside the value at `path`. */
  failInside(path: Mistake["path"], mistakes: readonly Mistake[]): void;
}

/** `value` is the authored value; messages call it `name` (`a rule`). */
export function readMapping(value: unknown, name: string): MappingReader {
  const mistakes: Mistake[] = [];
  const source = isMapping(value) ? value : {};
  const fail = (mistake: Mistake): void => {
    mistakes.push(mistake);
  };
  const failInside = (path: Mistake["path"], inner: readonly Mistake[]): void => {
    for (const mistake of inner) fail({ ...mistake, path: [...path, ...mistake.path] });
  };
  if (!isMapping(value))
    fail({ path: [], message: `${name} is a mapping, not ${describeValue(value)}`, remedy: "write `key: value` lines" });
  return {
    source,
    mistakes,
    has: (key) => Object.hasOwn(source, key),
    read(key, schema) {
      if (!Object.hasOwn(source, key)) return undefined;
      const read = readShape(schema, source[key], key);
      if (read.kind === "ok") return read.value;
      failInside([key], read.mistakes);
      return undefined;
    },
    fail,
    failInside,
  };
}

/** Records every key outside `known`; `hint` may suggest more than the nearest spelling. */
export function refuseStrangers(reader: MappingReader, known: readonly string[], hint: (key: string) => string | undefined): void {
  for (const key of Object.keys(reader.source)) {
    if (known.includes(key)) continue;
    const synonym = Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
    const meant = synonym !== undefined && known.includes(synonym) ? `did you mean \`${synonym}\`?` : undefined;
    const remedy = hint(key) ?? meant ?? suggestion(key, known) ?? "remove it";
    reader.fail({ path: [key], at: "key", message: `unknown key \`${key}\``, remedy });
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
