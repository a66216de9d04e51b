/** Rules and simulations over REST. */
import { z } from "zod";
import { parseDuration } from "../../base/duration.ts";
import { hiddenRules } from "../../rules/layers.ts";
import type { Rule } from "../../rules/rule.ts";
import { shadowsOf } from "../../rules/select/shadows.ts";
import { addRule } from "../actions/add-rule.ts";
import { arm } from "../actions/arm.ts";
import { ok } from "../actions/result.ts";
import { extend, rearm, stop } from "../actions/simulate.ts";
import { removeRule, saveRule } from "../actions/temporary-rules.ts";
import { type ApiRoute, defineRoute } from "./define-route.ts";
import { rulesAnswer } from "./views/answers.ts";
import { ruleView, viewRule } from "./views/rule-view.ts";

const named = z.object({ name: z.string().describe("the rule's name") });

const DAY_MS = 86_400_000;

const duration = z
  .string()
  .describe("30m, 90s, 1h30m; from 1s to 24h")
  .refine(
    (text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= 1000 && ms <= DAY_MS;
    },
    { error: "write a length of time from 1s to 24h: `30m`, `90s`, `1h30m`" },
  );

/** A page that is open asks often; whoever has more rules reads his files. */
const SHOWN = 1000;

const done = z.object({}).describe("nothing to say");

const stoppedAnswer = z.object({
  stillActive: z
    .object({ file: z.string(), line: z.int(), because: z.string() })
    .optional()
    .describe("present: the file could not be changed and still has `active: true`; the rule is stopped until it is re-armed or changed"),
});

const temporary = z
  .boolean()
  .optional()
  .describe("true: no file is changed, and the rule ends with the proxy; a proxy without rules files takes every rule so");

function placeOf(rule: Rule | undefined): string | undefined {
  return rule === undefined ? undefined : `${rule.file}:${rule.line}`;
}

export const ruleRoutes: readonly ApiRoute[] = [
  defineRoute({
    method: "GET",
    path: "/rules",
    id: "listRules",
    summary: "The rules in force, in the order in which they are tried, and what is wrong with the files where they were rejected",
    answer: rulesAnswer,
    handle: (_, ports) => {
      const { rules, version } = ports.store.current();
      const problems = [...ports.store.problems()];
      const shadows = shadowsOf(rules, ports.ledger, ports.clock.steady());
      const hidden = hiddenRules(ports.layers());
      const shown = rules.slice(0, SHOWN).map((rule) => ({
        ...viewRule(rule, ports),
        shadowedBy: shadows.get(rule.identity),
        hides: placeOf(hidden.get(rule.name)),
      }));
      return ok({ version, nowMs: ports.clock.wall(), total: rules.length, rules: shown, problems });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/rules",
    id: "addRule",
    summary: "Adds a rule, given as the YAML of one list entry, before all others of its layer: in the rules file, or as a temporary rule",
    body: z.object({ yaml: z.string().max(64_000), temporary }),
    answer: done,
    handle: ({ body: { yaml, temporary = false } }, ports) => addRule({ yaml, temporary }, ports),
  }),
  defineRoute({
    method: "POST",
    path: "/simulations",
    id: "arm",
    summary: "Answers every call of an API with one result code from now on; another simulation of that API is switched off",
    body: z.object({
      operation: z.string(),
      code: z.string(),
      duration: duration.optional().describe("absent: until switched off"),
      temporary,
    }),
    answer: ruleView,
    async handle({ body: { operation, code, duration: length, temporary = false } }, ports) {
      const durationMs = length === undefined ? undefined : parseDuration(length);
      const armed = await arm({ operation, code, durationMs, temporary }, ports);
      return armed.kind === "ok" ? ok(viewRule(armed.value, ports)) : armed;
    },
  }),
  defineRoute({
    method: "POST",
    path: "/rules/{name}/stop",
    id: "stop",
    summary:
      "Ends a rule: a simulation of the files is switched off in its file; any other rule, and a simulation whose file cannot be changed, is stopped until it is re-armed",
    params: named,
    body: z.object({}),
    answer: stoppedAnswer,
    handle: ({ params }, ports) => stop(params.name, ports),
  }),
  defineRoute({
    method: "POST",
    path: "/rules/{name}/extend",
    id: "extend",
    summary: "Moves the end of a running window",
    params: named,
    body: z.object({ by: duration }),
    answer: ruleView,
    async handle({ params, body }, ports) {
      const extended = await extend(params.name, parseDuration(body.by) ?? 0, ports);
      return extended.kind === "ok" ? ok(viewRule(extended.value, ports)) : extended;
    },
  }),
  defineRoute({
    method: "POST",
    path: "/rules/{name}/rearm",
    id: "rearm",
    summary: "Begins a rule's window and tallies anew",
    params: named,
    body: z.object({}),
    answer: ruleView,
    async handle({ params }, ports) {
      const armed = await rearm(params.name, ports);
      return armed.kind === "ok" ? ok(viewRule(armed.value, ports)) : armed;
    },
  }),
  defineRoute({
    method: "POST",
    path: "/rules/{name}/save",
    id: "saveRule",
    summary: "Writes a temporary rule into the rules file, its comments with it; its window and tallies go on",
    params: named,
    body: z.object({}),
    answer: done,
    async handle({ params }, ports) {
      const saved = await saveRule(params.name, ports);
      return saved.kind === "ok" ? ok({}) : saved;
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/rules/{name}",
    id: "removeRule",
    summary: "Removes a temporary rule; no file is changed",
    params: named,
    answer: done,
    async handle({ params }, ports) {
      const removed = await removeRule(params.name, ports);
      return removed.kind === "ok" ? ok({}) : removed;
    },
  }),
];
