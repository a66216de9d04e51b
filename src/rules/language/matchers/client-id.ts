/** `clientId`: the merchant's client id, so that developers on a shared proxy can have their own faults. */
import { defineMatcher, type MatcherKind } from "../matcher.ts";
import { compileCondition, conditionShape } from "./condition.ts";

export const clientIdMatcher: MatcherKind = defineMatcher({
  key: "clientId",
  schema: conditionShape,
  compile(condition) {
    const test = compileCondition(condition);
    return {
      kind: "ok",
      value: {
        kind: "clientId",
        summary: `clientId ${test.summary}`,
        matches: ({ identity }) => test.holds(identity.clientId),
        key: test.only === undefined ? undefined : { fact: "clientId", valueOf: ({ identity }) => identity.clientId, values: test.only },
        found: ({ identity }) => (identity.clientId === undefined ? "there is none" : `it is \`${identity.clientId.slice(0, 64)}\``),
      },
    };
  },
});
