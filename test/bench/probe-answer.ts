/** What the probe in a proxy's process tells. */
import { z } from "zod";
import type { Running } from "./process.ts";

export const probeShape = z.object({
  heapBytes: z.number(),
  externalBytes: z.number(),
  residentBytes: z.number(),
  /** Open handles and requests, by kind (`TCPSocketWrap` …). */
  handles: z.record(z.string(), z.number()),
});

export type Probe = z.infer<typeof probeShape>;

/** Memory and handles of a process that was started with the probe, after a forced collection. */
export async function probe(running: Running): Promise<Probe> {
  return probeShape.parse(await running.ask("look"));
}
