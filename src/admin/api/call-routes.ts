/** The journal over REST: list, one call, why rules did or did not act, curl, resend, HAR. */
import { z } from "zod";
import type { JournalEntry } from "../../observe/journal/journal.ts";
import { createFacts } from "../../proxy/facts.ts";
import { explain } from "../../rules/select/explain.ts";
import { draftRule } from "../actions/draft-rule.ts";
import { resend } from "../actions/resend.ts";
import { fail, ok, type Result } from "../actions/result.ts";
import { curlOf } from "../export/curl.ts";
import { harOf } from "../export/har.ts";
import type { AdminPorts } from "../ports.ts";
import { type ApiRoute, defineRoute } from "./define-route.ts";
import { callsAnswer, explainAnswer } from "./views/answers.ts";
import { callDetail, detail, SUMMARY_BODY_BYTES, summarize } from "./views/call-view.ts";

const byId = z.object({ id: z.string().describe("the call's id, as in the log") });

const filters = {
  operation: z.string().optional().describe("an operation's name, or `other` for unknown paths"),
  outcome: z.enum(["forwarded", "injected", "refused", "failed", "tunnelled"]).optional(),
  resultCode: z.string().optional(),
  rule: z.string().optional(),
  clientId: z.string().optional(),
};

export const callRoutes: readonly ApiRoute[] = [
  defineRoute({
    method: "GET",
    path: "/calls",
    id: "listCalls",
    summary: "The kept calls, newest first",
    query: z.object({
      since: z.coerce.number().int().min(0).optional().describe("only calls after this sequence"),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
      ...filters,
    }),
    answer: callsAnswer,
    handle({ query: { since, limit, ...wanted } }, { journal }) {
      const entries = journal.entries({ since: since ?? 0, limit, filters: wanted, bodyBytes: SUMMARY_BODY_BYTES });
      return ok({ calls: entries.map(summarize), newest: journal.size.newest, kept: journal.size.calls });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/calls",
    id: "clearCalls",
    summary: "Forgets the kept calls; metrics go on",
    body: z.object({}),
    answer: z.object({}),
    handle(_, { journal }) {
      journal.clear();
      return ok({});
    },
  }),
  defineRoute({
    method: "GET",
    path: "/calls/{id}",
    id: "getCall",
    summary: "Everything that is known of a call, redacted",
    params: byId,
    answer: callDetail,
    handle: ({ params }, ports) => withCall(params.id, ports, (entry) => ok(detail(entry))),
  }),
  defineRoute({
    method: "GET",
    path: "/calls/{id}/explain",
    id: "explainCall",
    summary: "For each rule now in force, why it would or would not act on this call now",
    params: byId,
    answer: explainAnswer,
    handle: ({ params }, ports) =>
      withCall(params.id, ports, async ({ record }) => {
        const rules = await explain(
          ports.store.current(),
          createFacts(record.request, record.identity, record.arrival, ports.clock.steady()),
          ports.ledger,
        );
        return ok({ rules: [...rules] });
      }),
  }),
  defineRoute({
    method: "GET",
    path: "/calls/{id}/curl",
    id: "curlOfCall",
    summary: "The call as a curl command, redacted",
    params: byId,
    answer: z.object({ command: z.string() }),
    handle: ({ params }, ports) => withCall(params.id, ports, ({ record }) => ok({ command: curlOf(record, ports.endpoint.baseUrl) })),
  }),
  defineRoute({
    method: "GET",
    path: "/calls/{id}/rule",
    id: "draftRule",
    summary: "A rule for calls like this one, as YAML to change and to add",
    params: byId,
    answer: z.object({ yaml: z.string() }),
    handle: ({ params }, ports) => withCall(params.id, ports, ({ record }) => ok({ yaml: draftRule(record, ports.store.current().rules) })),
  }),
  defineRoute({
    method: "POST",
    path: "/calls/{id}/resend",
    id: "resendCall",
    summary: "Sends the call once more, byte for byte; the answer is in the journal under the id given",
    params: byId,
    body: z.object({}),
    answer: z.object({ id: z.string() }),
    handle: ({ params }, ports) => withCall(params.id, ports, ({ record }) => resend(record, ports)),
  }),
  {
    method: "GET",
    path: "/calls.har",
    id: "downloadHar",
    summary: "The kept calls as an HTTP Archive (HAR 1.2), redacted",
    params: undefined,
    query: z.object(filters),
    body: undefined,
    answer: z.object({ log: z.object({}) }),
    respond(context, { journal, version }) {
      const query = z.object(filters).safeParse(context.req.query());
      const archive = harOf(journal.entries(query.success ? { filters: query.data } : {}), version);
      return context.json(archive, 200, { "content-disposition": 'attachment; filename="antom-fault-proxy.har"' });
    },
  },
];

function withCall<T>(
  id: string,
  { journal }: Pick<AdminPorts, "journal">,
  use: (entry: JournalEntry) => Result<T> | Promise<Result<T>>,
): Result<T> | Promise<Result<T>> {
  const entry = journal.entry(id);
  return entry === undefined ? fail("not-found", `there is no call \`${id}\`, or it is no longer kept`) : use(entry);
}
