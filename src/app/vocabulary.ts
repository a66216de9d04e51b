/** Every word a rules file may use: one line per fault or matcher kind, and the catalogue that names are checked against. */

import { checkOperation } from "../antom/catalogue/check-result.ts";
import { operations } from "../antom/catalogue/operations.ts";
import { codesOf } from "../antom/catalogue/result-codes.ts";
import { correlation } from "../antom/correlation.ts";
import { resultFault } from "../antom/result-fault.ts";
import { signatureFault } from "../antom/signature-fault.ts";
import { abortFault } from "../faults/abort.ts";
import { bodyFault } from "../faults/body.ts";
import { delayFault } from "../faults/delay.ts";
import type { FaultKind } from "../faults/fault.ts";
import { httpFault } from "../faults/http.ts";
import { throttleFault } from "../faults/throttle.ts";
import type { MatcherKind } from "../rules/language/matcher.ts";
import { anyMatcher } from "../rules/language/matchers/any.ts";
import { apiMatcher } from "../rules/language/matchers/api.ts";
import { bodyMatcher } from "../rules/language/matchers/body.ts";
import { clientIdMatcher } from "../rules/language/matchers/client-id.ts";
import { headerMatcher } from "../rules/language/matchers/header.ts";
import { notMatcher } from "../rules/language/matchers/not.ts";
import { pathMatcher } from "../rules/language/matchers/path.ts";
import { wayMatcher } from "../rules/language/matchers/way.ts";
import type { Operations, Vocabulary } from "../rules/language/vocabulary.ts";

/** In the order in which the faults of one rule act. */
// biome-ignore format: one line a word
const faults: readonly FaultKind[] = [
  delayFault,
  resultFault,
  httpFault,
  bodyFault,
  signatureFault,
  throttleFault,
  abortFault,
];

// biome-ignore format: one line a word
const matchers: readonly MatcherKind[] = [
  apiMatcher,
  pathMatcher,
  clientIdMatcher,
  headerMatcher,
  bodyMatcher,
  wayMatcher,
  notMatcher,
  anyMatcher,
];

const catalogued: Operations = {
  names: operations.filter((operation) => operation.kind === "call").map((operation) => operation.name),
  check(name) {
    const checked = checkOperation(name);
    return checked.kind === "ok" ? { kind: "ok" } : { kind: "bad", message: checked.message, remedy: checked.remedy };
  },
  codesOf(name) {
    const { known, codes } = codesOf(name);
    return known === "full" ? codes.map((row) => row.code) : undefined;
  },
};

/** What this program hands to `parseRules`. */
export const vocabulary: Vocabulary = { faults, matchers, operations: catalogued, correlation };
