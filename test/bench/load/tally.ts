/** Counts what the load process sees. */
import { percentile } from "../median.ts";
import type { Failure, LoadResult, OrderedCall } from "./order.ts";

/** Latencies kept; a longer run keeps every n-th. */
const MOST_SAMPLES = 2_000_000;
const MOST_FAILURES = 1000;

export interface Tally {
  /** Books an answered call; `head` is the answer's head as text. */
  answered(call: OrderedCall, head: string, latencyMs: number): void;
  /** Books a connection that ended under a call. */
  broken(call: OrderedCall, what: string): void;
  result(seconds: number): LoadResult;
}

export function createTally(): Tally {
  const latencies = new Float32Array(MOST_SAMPLES);
  const failures: Failure[] = [];
  let calls = 0;
  let failed = 0;
  let slowest = 0;
  const fail = (call: OrderedCall, what: string): void => {
    failed += 1;
    if (failures.length < MOST_FAILURES) failures.push({ atMs: Date.now(), path: call.path, what });
  };
  return {
    answered(call, head, latencyMs) {
      latencies[calls % MOST_SAMPLES] = latencyMs;
      calls += 1;
      slowest = Math.max(slowest, latencyMs);
      const wrong = judge(call, head);
      if (wrong !== undefined) fail(call, wrong);
    },
    broken(call, what) {
      calls += 1;
      if (call.expect !== "reset") fail(call, what);
    },
    result(seconds) {
      const sorted = latencies.subarray(0, Math.min(calls, MOST_SAMPLES)).sort();
      const { user, system } = process.cpuUsage();
      const latencyMs = { p50: percentile(sorted, 0.5) || 0, p99: percentile(sorted, 0.99) || 0, max: slowest };
      return { calls, seconds, cpuSeconds: (user + system) / 1e6, failed, failures, latencyMs };
    },
  };
}

/** What is wrong with an answer; undefined when it is what was to be expected. */
function judge(call: OrderedCall, head: string): string | undefined {
  if (call.expect === "reset") return "answered, where the connection was to be reset";
  const status = head.slice(head.indexOf(" ") + 1, head.indexOf(" ") + 4);
  const outcome = /\r\nx-fault-outcome: *([a-z]+)/i.exec(head)?.[1];
  if (status !== "200") return `status ${status}, ${outcome ?? "not marked"}`;
  if (call.expect === "any-200" || (outcome ?? "forwarded") === call.expect) return undefined;
  return `${outcome ?? "forwarded"} instead of ${call.expect}`;
}
