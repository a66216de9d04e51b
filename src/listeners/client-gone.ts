/** Tells the core when a client goes away before it was answered, at a fraction of an AbortController's cost. */
import type { Writable } from "node:stream";
import type { GoneSignal } from "../ports.ts";

/** Aborted once `out` closes without having been ended. */
export function watchClient(out: Writable): GoneSignal {
  const listeners: (() => void)[] = [];
  let aborted = false;
  out.once("close", () => {
    if (out.writableFinished) return;
    aborted = true;
    for (const listener of listeners.splice(0)) listener();
  });
  return {
    get aborted() {
      return aborted;
    },
    addEventListener(_type, listener) {
      listeners.push(listener);
    },
    removeEventListener(_type, listener) {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    },
  };
}
