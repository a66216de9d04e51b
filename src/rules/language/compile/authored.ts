/** The keys of a rule in a rules file: one schema per key, also the source of the JSON Schema. */
import { z } from "zod";
import { durationShape } from "../../../faults/duration-shape.ts";
import { slug } from "./slug.ts";

const DAY_MS = 86_400_000;
const MAX_TIMES = 1_000_000_000;

const word = (description: string): z.ZodString => z.string().min(1).meta({ description });
const counted = (least: number, description: string): z.ZodInt => z.int().min(least).max(MAX_TIMES).meta({ description });

const instant = z
  .string({ error: () => "this is not a valid time; write it as `2026-11-23T09:00:00Z`" })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/, {
    error: () => "this is not a time with an offset; write it as `2026-11-23T09:00:00Z` or `2026-11-23T09:00+08:00`",
  })
  .meta({ description: "date and time with an offset: 2026-11-23T09:00:00Z" })
  .transform((text, context) => {
    const ms = Date.parse(text);
    // Date.parse accepts 30 February as 2 March.
    if (Number.isFinite(ms) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toJSON()?.startsWith(text.slice(0, 10))) return ms;
    context.issues.push({ code: "custom", message: "this date does not exist; check day and month", input: text });
    return z.NEVER;
  });

/** Every key of a rule except its faults. */
export const RULE_SHAPES = {
  name: word("how the rule shows in log, page, metrics and the `x-fault-rule` header; unique over all files").regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/,
    {
      error: (issue) => notAName(String(issue.input)),
    },
  ),
  description: word("for people: what it stages, and what correct merchant code does"),
  api: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .meta({ description: 'an operation such as pay, a list of them, or "*" for every call' }),
  path: word("instead of `api`: the path of the call; `*` stands for anything within a segment, `**` for anything").regex(/^\//, {
    error: () => "a path begins with `/`; write for example `/ams/**/payments/*`",
  }),
  when: z.record(z.string(), z.unknown()).meta({ description: "further conditions; all must hold" }),
  active: z.boolean().meta({ description: "false switches the rule off; switching it on again begins a new window" }),
  duration: durationShape(1000, DAY_MS),
  from: instant,
  until: instant,
  skip: counted(0, "matching calls let through before the rule acts"),
  times: counted(1, "firings after which the rule is spent"),
  probability: z.number().min(0).max(1).meta({ description: "the share of matching calls that it acts on: 0.25 is one in four" }),
  per: word("body field whose every value has tallies of its own, as a dotted path"),
  upstream: z.enum(["skip", "call"]).meta({ description: "call: the gateway is called, then its answer is changed" }),
  forward: z.boolean().meta({ description: "true: the gateway's own answer is sent on" }),
  allowUnknown: z.boolean().meta({ description: "true: result codes that the catalogue does not know are let through" }),
  steps: z.array(z.record(z.string(), z.unknown())).min(1).meta({ description: "what one firing after the other does" }),
  then: z
    .enum(["repeat", "last", "forward"])
    .meta({ description: "after the last step: all again, the last for ever (default), or forward" }),
} as const;

/** The keys of a step except its faults. */
export const STEP_SHAPES = {
  times: counted(1, "how many firings in a row the step lasts; 1 when absent"),
  upstream: RULE_SHAPES.upstream,
  forward: RULE_SHAPES.forward,
} as const;

/** Common other spellings of keys. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  enabled: "active",
  operation: "api",
  operations: "api",
  apis: "api",
  match: "when",
  matchers: "when",
  if: "when",
  code: "result",
  resultCode: "result",
  status: "http",
  ttl: "duration",
  limit: "times",
  latency: "delay",
  sequence: "steps",
};

function notAName(text: string): string {
  const better = slug(text);
  return `a name consists of letters, digits, \`.\`, \`_\` and \`-\`, at most 80 of them; write for example \`${better === "" ? "pay-risk-reject" : better}\``;
}
