/** The keys of a rules file, passed to the parser: rules/ itself names no fault, matcher or gateway. */
import type { FaultKind } from "../../faults/fault.ts";
import type { Correlation } from "../../ports/correlation.ts";
import type { MatcherKind } from "./matcher.ts";
import type { Operations } from "./operations.ts";

export type { Operations } from "./operations.ts";

export interface Vocabulary {
  /** In the order in which the faults of one rule act. */
  readonly faults: readonly FaultKind[];
  readonly matchers: readonly MatcherKind[];
  readonly operations: Operations;
  /** Which body fields name the same thing: `per` one of them counts calls that carry only the other too. */
  readonly correlation: Correlation;
}
