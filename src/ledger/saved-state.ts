/** What of a ledger outlives the process: plain data with a version; moments in epoch milliseconds. */
import { z } from "zod";

const count = z.int().min(0);

const savedRule = z.object({
  identity: z.string(),
  startsAtMs: z.number(),
  endsAtMs: z.number().optional(),
  stoppedAtMs: z.number().optional(),
  fromMs: z.number().optional(),
  untilMs: z.number().optional(),
  /** With what it was extended by. */
  durationMs: z.number().optional(),
  firings: count,
  /** Key, matching calls, firings. */
  tallies: z.array(z.tuple([z.string(), count, count])),
});

const savedState = z.object({
  version: z.literal(1),
  /** When it was saved. */
  atMs: z.number(),
  rules: z.array(savedRule),
  /** Assigned id, chosen id: of payments, the first of such pairs, after which the member is named. */
  payments: z.array(z.tuple([z.string(), z.string()])),
});

export type SavedRule = z.infer<typeof savedRule>;
export type SavedState = z.infer<typeof savedState>;

/** The state that `text` holds; undefined where it is none of ours (cut short, another version, edited). */
export function readSavedState(text: string): SavedState | undefined {
  try {
    const read = savedState.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
