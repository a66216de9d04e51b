/** What came in so far, gathered by program: who calls by which way, and what is wrong with it. */
import { z } from "zod";
import { headerValue } from "../../http/headers.ts";
import type { JournalEntry } from "../../observe/journal/journal.ts";
import type { CallRecord } from "../../ports/ports.ts";

export const arrivalView = z
  .object({
    way: z.enum(["http", "https", "http2", "connect"]),
    clientId: z.string().optional(),
    userAgent: z.string().optional(),
    calls: z.int(),
    lastAtMs: z.number(),
    operations: z.array(z.string()),
    trouble: z.array(z.string()).describe("why calls were refused or failed, each once"),
  })
  .meta({ id: "Arrival" });

export type ArrivalView = z.infer<typeof arrivalView>;

/** One entry for each way, client id and user agent, the latest first. */
export function arrivalsOf(entries: readonly JournalEntry[]): ArrivalView[] {
  const arrivals = new Map<string, ArrivalView>();
  for (const { record } of entries) {
    const key = JSON.stringify([record.arrival.way, record.identity.clientId, userAgentOf(record)]);
    const arrival = arrivals.get(key) ?? beginning(record);
    arrivals.set(key, arrival);
    arrival.calls += 1;
    note(arrival.operations, record.identity.operation ?? "other");
    note(arrival.trouble, troubleOf(record));
  }
  return [...arrivals.values()];
}

function beginning(record: CallRecord): ArrivalView {
  return {
    way: record.arrival.way,
    clientId: record.identity.clientId,
    userAgent: userAgentOf(record),
    calls: 0,
    lastAtMs: record.startedAtMs,
    operations: [],
    trouble: [],
  };
}

function note(list: string[], value: string | undefined): void {
  if (value !== undefined && !list.includes(value) && list.length < 20) list.push(value);
}

function userAgentOf({ request }: CallRecord): string | undefined {
  return headerValue(request.headers, "user-agent") ?? headerValue(request.headers, "sdk-version");
}

function troubleOf(record: CallRecord): string | undefined {
  const { standing } = record.identity;
  if (standing.kind === "refused") return standing.message;
  if (record.refusal !== undefined) return `refused: ${record.refusal}`;
  if (record.verdict === "invalid") return "the gateway's signature does not fit its public key";
  if (record.failure !== undefined && record.failure.kind !== "cancelled") return `the gateway gave no answer: ${record.failure.detail}`;
  return record.resultCode === "INVALID_SIGNATURE" ? "the gateway says that the request's signature is wrong" : undefined;
}
