/** What the routes answer besides single rules and calls; the page's client takes its types from here. */
import { z } from "zod";
import { arrivalView } from "../arrivals.ts";
import { callSummary } from "./call-view.ts";
import { problemView } from "./problem-view.ts";
import { ruleView } from "./rule-view.ts";

const known = z.enum(["full", "partial", "none"]).describe("how much of the list is published; none: only the codes common to all APIs");
const status = z.enum(["S", "F", "U"]).optional().describe("S success, F final failure, U unknown or in process; absent: not published");

export const rulesAnswer = z.object({
  version: z.string().describe("changes when the meaning of the rules does"),
  nowMs: z.number().describe("the proxy's clock"),
  total: z.int().describe("how many rules there are"),
  rules: z.array(ruleView).describe("the first 1,000"),
  problems: z.array(problemView).describe("empty when the files are what is in force"),
});

export const callsAnswer = z.object({
  calls: z.array(callSummary),
  newest: z.int().describe("the newest call's sequence"),
  kept: z.int(),
});

export const explainAnswer = z.object({
  rules: z.array(
    z
      .object({
        rule: z.string(),
        identity: z.string(),
        file: z.string(),
        line: z.int(),
        verdict: z.enum(["acts", "shadowed", "passes"]).describe("shadowed: it would act, had not an earlier rule"),
        because: z.string(),
      })
      .meta({ id: "Explanation" }),
  ),
});

export const operationsAnswer = z.object({
  date: z.string().describe("month of the data"),
  operations: z.array(
    z.object({ name: z.string(), group: z.string(), docsUrl: z.string().optional(), codes: z.int(), known }).meta({ id: "Operation" }),
  ),
});

export const codesAnswer = z.object({
  operation: z.string(),
  known,
  codes: z.array(
    z
      .object({
        code: z.string(),
        status,
        message: z.string(),
        published: z.boolean().describe("false: no page prints a message, it was made from the code"),
      })
      .meta({ id: "ResultCode" }),
  ),
});

export const statusAnswer = z.object({
  version: z.string(),
  listeners: z.array(z.string()),
  upstream: z.string(),
  standIn: z.boolean().describe("true: calls go to the built-in stand-in sandbox"),
  asksForToken: z.boolean().describe("true: the page was opened with a token, and `POST /logout` ends its session"),
  publicKey: z.string().describe("bare base64, as an SDK takes Antom's public key"),
  publicKeyPem: z.string(),
  rulesFile: z
    .string()
    .optional()
    .describe("where rules are written; absent: this proxy has no rules files, and all its rules are temporary"),
  nowMs: z.number(),
});

export const connectAnswer = z.object({
  clients: z.array(
    z
      .object({
        client: z.string(),
        title: z.string(),
        code: z.string(),
        notes: z.array(z.string()),
        obstacle: z.string().optional().describe("what keeps this client out at this proxy"),
      })
      .meta({ id: "SdkSetup" }),
  ),
  arrivals: z.array(arrivalView),
});

export type RulesAnswer = z.infer<typeof rulesAnswer>;
export type CallsAnswer = z.infer<typeof callsAnswer>;
export type ExplainAnswer = z.infer<typeof explainAnswer>;
export type OperationsAnswer = z.infer<typeof operationsAnswer>;
export type CodesAnswer = z.infer<typeof codesAnswer>;
export type StatusAnswer = z.infer<typeof statusAnswer>;
export type ConnectAnswer = z.infer<typeof connectAnswer>;
