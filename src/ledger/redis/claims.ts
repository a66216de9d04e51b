/** Asks Redis whether a rule may act, and counts the call there. */

import type { Claim, Key, Reason } from "../../rules/ledger.ts";
import type { Rule } from "../../rules/rule.ts";
import { seedState } from "../../rules/select/seeded-random.ts";
import { firingLimit } from "../../rules/steps.ts";
import { MOST_KEYS } from "../entry.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RuleStates } from "./rule-states.ts";
import { CLAIM } from "./scripts.ts";
import type { SharedIds } from "./shared-ids.ts";
import type { SharedTime } from "./shared-time.ts";

export interface ClaimParts {
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly time: SharedTime;
  readonly states: RuleStates;
  readonly ids: SharedIds;
  readonly seed: string;
}

/** Redis's answer, in one round trip unless a payment id must be looked up first. Rejects when Redis is unreachable. */
export async function claimThere(
  parts: ClaimParts,
  rule: Rule,
  call: { readonly key: Key; readonly nowMs: number; readonly book: boolean },
): Promise<Claim> {
  const { link, keys, time, states, seed } = parts;
  const name = await parts.ids.nameOf(call.key);
  const own = `${seed}\u0000${rule.identity}\u0000${name}`;
  const [ruleKey, , tallies, order] = keys.rule(rule.identity);
  const words = [time.toShared(call.nowMs), name, call.book ? 1 : 0, ...terms(rule), seedState(`${own}\u0000`), MOST_KEYS].map(String);
  const reply = await link.run(CLAIM, [ruleKey, tallies, order, keys.changes], words);
  const [verdict, fired, attempts, firings]: readonly unknown[] = Array.isArray(reply) ? reply : [];
  states.fired(rule.identity, Number(firings));
  if (verdict === "granted") return { kind: "granted", ordinal: Number(fired), seed: `${own}\u0000${String(attempts)}` };
  if (isReason(verdict)) return { kind: "refused", reason: verdict };
  throw new Error(`Redis answered \`${String(verdict)}\` to a claim`);
}

/** Calls to skip, maximum number of firings ("" for no limit), probability. */
function terms(rule: Rule): (string | number)[] {
  return [rule.activation.skip, firingLimit(rule) ?? "", rule.activation.probability];
}

const REASONS: ReadonlySet<unknown> = new Set<Reason>(["unknown", "waiting", "ended", "stopped", "skipped", "spent", "unlucky"]);

function isReason(verdict: unknown): verdict is Reason {
  return REASONS.has(verdict);
}
