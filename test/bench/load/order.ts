/** What the load process is told and what it says at the end, as JSON. */
import { z } from "zod";

const call = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** What must come of it; `forwarded` and `injected` are told by the marker headers. */
  expect: z.enum(["any-200", "forwarded", "injected", "reset"]),
});

export const orderShape = z.object({
  /** `http://host:port` or `https://host:port`. */
  origin: z.string(),
  protocol: z.enum(["http1", "http2"]),
  /** Sent in turn. */
  calls: z.array(call),
  connections: z.number(),
  seconds: z.number(),
  /** Calls a second over all connections; absent: as many as go. */
  rate: z.number().optional(),
  /** PEM of the CA that the origin's certificate comes from. */
  ca: z.string().optional(),
});

const failure = z.object({
  /** Epoch milliseconds at which it was seen. */
  atMs: z.number(),
  path: z.string(),
  what: z.string(),
});

export const resultShape = z.object({
  calls: z.number(),
  seconds: z.number(),
  /** CPU seconds that the load itself took. */
  cpuSeconds: z.number(),
  failed: z.number(),
  /** The first thousand of them. */
  failures: z.array(failure),
  latencyMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
});

export type Order = z.infer<typeof orderShape>;
export type OrderedCall = z.infer<typeof call>;
export type Failure = z.infer<typeof failure>;
export type LoadResult = z.infer<typeof resultShape>;
