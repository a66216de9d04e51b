/** Takes a kept call through the proxy once more, byte for byte as it came; guard and rules act on it as on any other. */
import type { Journal } from "../../observe/journal/journal.ts";
import type { CallRecord } from "../../ports/ports.ts";
import type { AdminPorts } from "../ports.ts";
import { fail, ok, type Result } from "./result.ts";

/** A hanging fault must not keep the page waiting for ever. */
const RESEND_MS = 60_000;

/** The id of the new call, which is then in the journal. */
export async function resend(record: CallRecord, { core, journal }: Pick<AdminPorts, "core" | "journal">): Promise<Result<{ id: string }>> {
  if (record.delivery === "streamed") return fail("conflict", "the call was streamed: its body was not kept");
  const arrival = { ...record.arrival };
  const admission = core.admit(record.request, arrival);
  if (admission.kind === "stream") return fail("conflict", "a production call is never sent again");
  const watch = watchFor(journal, (candidate) => candidate.arrival === arrival);
  try {
    await core.handle({ request: record.request, arrival, admission, signal: AbortSignal.timeout(RESEND_MS) });
  } finally {
    watch.end();
  }
  const id = watch.found()?.id;
  return id === undefined ? fail("unavailable", "the call was sent, but left no record") : ok({ id });
}

function watchFor(journal: Journal, isIt: (record: CallRecord) => boolean): { found(): CallRecord | undefined; end(): void } {
  let found: CallRecord | undefined;
  const end = journal.subscribe(({ record }) => {
    if (isIt(record)) found = record;
  });
  return { found: () => found, end };
}
