/** Selects the tally of a call. */

import { fieldAt } from "../language/field.ts";
import type { Key } from "../ledger.ts";
import type { Facts, Rule } from "../rule.ts";

/** The key of `rule`'s tally for this call; undefined when the call lacks the field, so that the rule cannot act. */
export function keyOf(rule: Rule, facts: Facts): Key | undefined {
  const { per } = rule.activation;
  if (per === undefined) return "";
  const value = textAt(facts, per);
  const { perAlias: alias } = rule;
  if (value !== undefined || alias === undefined) return value;
  const id = textAt(facts, alias);
  return id === undefined ? undefined : { alias, id };
}

function textAt(facts: Facts, path: string): string | undefined {
  const value = fieldAt(facts.body(), path);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, 256) : undefined;
}
