/** What a matcher kind is: one word under `when`, its shape (also the source of the JSON Schema) and its meaning. */
import type { z } from "zod";
import type { Compiled } from "../../faults/fault.ts";
import { readShape } from "../../faults/mistakes.ts";
import type { Matcher } from "../rule.ts";
import type { Operations } from "./operations.ts";

/** What a matcher may know while it is compiled: enough to hold other matchers and to check an operation's name. */
export interface MatcherSite {
  readonly matchers: readonly MatcherKind[];
  readonly operations: Operations;
}

export interface MatcherKind {
  readonly key: string;
  /** The shape; `nested` is the shape of a whole `when` block, for matchers that hold others. */
  schema(nested: z.ZodType): z.ZodType;
  /** `value` is as authored; shape mistakes are returned like all others. */
  compile(value: unknown, site: MatcherSite): Compiled<Matcher>;
}

/** Builds a MatcherKind whose `compile` is given the value already read by `schema`. */
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
