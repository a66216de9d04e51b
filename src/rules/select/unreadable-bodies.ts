/** Reports once per rule that it was applied to a call whose body it cannot read; otherwise the rule seems never to match. */
import { LRUCache } from "lru-cache";
import { headerValue } from "../../http/headers.ts";
import type { Facts, Rule, RuleSet } from "../rule.ts";

export interface UnreadableBodies {
  /** Call it after the selection; has an effect only when a body was requested and could not be read. */
  note(facts: Facts, rules: RuleSet): void;
  /** Number of calls with an unreadable body so far. */
  count(): number;
}

/** Maximum number of remembered rules; forgotten ones may be reported again. */
const MOST_RULES_TOLD = 10_000;

/** `tell` receives a message for people without any part of the body. */
export function createUnreadableBodies(tell: (message: string) => void): UnreadableBodies {
  const told = new LRUCache<string, true>({ max: MOST_RULES_TOLD });
  let count = 0;
  return {
    note(facts, rules) {
      if (facts.isBodyUnreadable?.() !== true) return;
      count += 1;
      const asking = rules.rules.filter((rule) => !told.has(rule.identity) && asksForBody(rule, facts.identity.operation));
      for (const rule of asking) {
        told.set(rule.identity, true);
        tell(messageFor(rule, facts));
      }
    },
    count: () => count,
  };
}

function asksForBody({ activation, operations, matchers }: Rule, operation: string | undefined): boolean {
  const concerns = activation.active && (operations === undefined || (operation !== undefined && operations.has(operation)));
  return concerns && (activation.per !== undefined || matchers.some((matcher) => matcher.readsBody));
}

function messageFor(rule: Rule, facts: Facts): string {
  const call = facts.identity.operation ?? "call";
  return `rule \`${rule.name}\` reads the body, but the body of a \`${call}\` is not JSON${reasonOf(facts)}: the rule does not act on such calls`;
}

function reasonOf({ request }: Facts): string {
  const coding = headerValue(request.headers, "content-encoding");
  if (coding !== undefined) return ` but encoded (\`content-encoding: ${coding.slice(0, 20).replaceAll(/[^\w, -]/g, "?")}\`)`;
  return request.body.length === 0 ? " but empty" : "";
}
