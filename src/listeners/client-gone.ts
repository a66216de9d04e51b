/** Tells the core when a client goes away before it was answered, at a fraction of an AbortController's cost. */
import type { Writable } from "node:stream";
import type { GoneSignal } from "../ports.ts";

/** Aborted once `out` closes without having been ended; `onClosed` is called when it closes, whichever way. */
export function watchClient(out: Writable, onClosed: () => void): GoneSignal {
  const listeners: (() => void)[] = [];
  // A plain field: a getter in a literal gives every object a shape of its own, which cost as much as a third of a forwarded call.
  const signal = {
    aborted: false,
    addEventListener(_type: "abort", listener: () => void): void {
      listeners.push(listener);
    },
    removeEventListener(_type: "abort", listener: () => void): void {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    },
  };
  out.on("close", () => {
    onClosed();
    if (out.writableFinished || signal.aborted) return;
    signal.aborted = true;
    for (const listener of listeners.splice(0)) listener();
  });
  return signal;
}
