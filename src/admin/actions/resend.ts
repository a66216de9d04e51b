/** Takes a kept call through the proxy once more, byte for byte as it came; guard and rules act on it as on any other. */
import type { CallRecord } from "../../ports/ports.ts";
import type { AdminPorts } from "../ports.ts";
import { fail, ok, type Result } from "./result.ts";

/** A hanging fault must not keep the page waiting for ever. */
const RESEND_MS = 60_000;

/** The id of the new call, which is then in the journal. */
export async function resend(record: CallRecord, { pipeline }: Pick<AdminPorts, "pipeline">): Promise<Result<{ id: string }>> {
  if (record.delivery === "streamed") return fail("conflict", "the call was streamed: its body was not kept");
  const again = await pipeline.resend(record.request, record.arrival, AbortSignal.timeout(RESEND_MS));
  return again === undefined ? fail("conflict", "a production call is never sent again") : ok({ id: again.id });
}
