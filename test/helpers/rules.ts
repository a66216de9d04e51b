/** Rules from text, the calls they meet, and a ledger: a test shows only what matters to it. */

import { correlation } from "../../src/antom/correlation.ts";
import { vocabulary } from "../../src/app/vocabulary.ts";
import type { Clock } from "../../src/base/clock.ts";
import { describeProblem, type Problem } from "../../src/base/problem.ts";
import type { HttpRequest, HttpResponse } from "../../src/http/message.ts";
import { createLedger, type EmbeddedLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import type { SavedState } from "../../src/ledger/saved-state.ts";
import type { Arrival } from "../../src/ports/ports.ts";
import { parseRules } from "../../src/rules/language/parse.ts";
import type { Facts, Rule, RuleSet } from "../../src/rules/rule.ts";
import { arrival, identity, request } from "./call-record.ts";

export const START_MS: number = Date.UTC(2026, 10, 23, 8);

/** The set that `text` (the whole file) means; throws with its problems when it has any. */
export function rulesOf(text: string): RuleSet {
  const parsed = parseRules([{ file: "rules.yaml", text }], vocabulary);
  if (parsed.kind === "bad") throw new Error(parsed.problems.map(describeProblem).join("\n"));
  return parsed.rules;
}

/** The one rule whose keys are the lines of `keys`, with `name: a` and `api: pay` unless they are given. */
export function ruleOf(keys: string): Rule {
  const lines = [/^name:/m.test(keys) ? "" : "name: a", /^(api|path):/m.test(keys) ? "" : "api: pay", keys].join("\n").split("\n");
  const filled = lines.filter((line) => line.trim() !== "");
  const rule = rulesOf(`rules:\n  -\n${filled.map((line) => `    ${line}`).join("\n")}\n`).rules[0];
  if (rule === undefined) throw new Error("no rule");
  return rule;
}

/** The problems of `text`; throws when it has none. */
export function problemsOf(text: string): readonly Problem[] {
  const parsed = parseRules([{ file: "rules.yaml", text }], vocabulary);
  if (parsed.kind === "ok") throw new Error("there are no problems");
  return parsed.problems;
}

/** The problems of one rule written as the lines of `keys`, each as `message; remedy`. */
export function complaintsOf(keys: string): readonly string[] {
  const text = `rules:\n  -\n${keys
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")}\n`;
  return problemsOf(text).map(({ message, remedy }) => (remedy === undefined ? message : `${message}; ${remedy}`));
}

export interface CallChanges {
  readonly operation?: string | undefined;
  readonly clientId?: string | undefined;
  readonly body?: unknown;
  readonly request?: Partial<HttpRequest>;
  readonly arrival?: Partial<Arrival>;
  readonly nowMs?: number;
}

/** A sandbox `pay` with `body` as its JSON (text is sent as it is). */
export function call(changes: CallChanges = {}): Facts {
  const { body = { paymentRequestId: "R1", paymentAmount: { currency: "USD", value: "100" } }, nowMs = START_MS } = changes;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const operation = "operation" in changes ? changes.operation : "pay";
  const clientId = "clientId" in changes ? changes.clientId : "SANDBOX_5X00000000000000";
  return {
    request: request({ body: bytes, ...changes.request }),
    identity: identity({ operation, clientId }),
    arrival: arrival(changes.arrival),
    nowMs,
    body: () => parsedOrUndefined(bytes),
  };
}

/** An answer with `body` as its JSON. */
export function answer(body: unknown): HttpResponse {
  return { status: 200, headers: ["content-type", "application/json; charset=UTF-8"], body: Buffer.from(JSON.stringify(body)) };
}

/** A ledger that knows `rules` since START_MS. */
export async function ledgerOf(
  rules: RuleSet,
  options: { seed?: string; saved?: SavedState; clock?: Clock } = {},
): Promise<EmbeddedLedger> {
  const ledger = createLedger({ correlation, seed: options.seed ?? "seed", saved: options.saved, clock: options.clock });
  await ledger.retain(rules.rules, START_MS);
  return ledger;
}

function parsedOrUndefined(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return value;
  } catch {
    return undefined;
  }
}
