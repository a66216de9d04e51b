/** Matcher kinds: each is one key under `when`, with its schema (also the source of the JSON Schema) and compiler. */
import type { z } from "zod";
import type { Compiled } from "../../faults/fault.ts";
import { readShape } from "../../faults/mistakes.ts";
import type { Matcher } from "../rule.ts";
import type { Operations } from "./operations.ts";

/** What a matcher may use while it is compiled: nested matchers and the check of operation names. */
export interface MatcherSite {
  readonly matchers: readonly MatcherKind[];
  readonly operations: Operations;
}

export interface MatcherKind {
  readonly key: string;
  /** The schema; `nested` is the schema of a whole `when` block, for matchers that contain others. */
  schema(nested: z.ZodType): z.ZodType;
  /** `value` is as authored; schema errors are returned like all other mistakes. */
  compile(value: unknown, site: MatcherSite): Compiled<Matcher>;
}

/** Creates a MatcherKind whose `compile` gets the value parsed by `schema`. */
export function defineMatcher<T>(definition: {
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly compile: (value: T, site: MatcherSite) => Compiled<Matcher>;
}): MatcherKind {
  return {
    key: definition.key,
    schema: () => definition.schema,
    compile(value, site) {
      const read = readShape(definition.schema, value, definition.key);
      return read.kind === "bad" ? read : definition.compile(read.value, site);
    },
  };
}
