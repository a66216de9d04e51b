/** Loaded into the proxy's process with `--import`: tells of its memory and open handles over the IPC channel, after a forced collection. */
import type { Probe } from "./probe-answer.ts";

if (process.send !== undefined) {
  process.on("message", () => process.send?.(look()));
  process.channel?.unref();
}

function look(): Probe {
  // Twice: what the first collection finalises, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return { heapBytes: heapUsed, externalBytes: external, residentBytes: rss, handles };
}
