/** The bounds on one call: it is given up when its client leaves or its time is over, whatever it is waiting for. */
import type { GoneSignal, UpstreamFailure, UpstreamResult } from "../ports/ports.ts";

/** What the call is waiting for listens for `abort`; one listener at a time. */
export interface Flight extends GoneSignal {
  /** Ends the call with this result, unless it has ended. */
  settle(result: UpstreamResult): void;
  /** Ends the call as failed and aborts what it is waiting for. */
  giveUp(failure: UpstreamFailure): void;
  /** The request goes out: from now on the client may close its sending side, and is waited for until it leaves. */
  goesOut(): void;
}

export const GONE: UpstreamFailure = { kind: "cancelled", detail: "the client closed the connection before the answer came" };

/** Begins the wait for a whole answer. `resolve` is called once. */
export function createFlight(gone: GoneSignal, timeoutMs: number, resolve: (result: UpstreamResult) => void): Flight {
  let stop: (() => void) | undefined;
  let settled = false;
  const onGone = (): void => flight.giveUp(GONE);
  const timer = setTimeout(() => flight.giveUp({ kind: "timeout", detail: `the answer was not whole after ${timeoutMs} ms` }), timeoutMs);
  const flight = {
    aborted: false,
    addEventListener(_type: "abort" | "end", listener: () => void): void {
      stop = listener;
    },
    removeEventListener(_type: "abort" | "end", listener: () => void): void {
      if (stop === listener) stop = undefined;
    },
    settle(result: UpstreamResult): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      gone.removeEventListener("abort", onGone);
      gone.removeEventListener("end", onGone);
      resolve(result);
    },
    giveUp(failure: UpstreamFailure): void {
      if (settled) return;
      flight.aborted = true;
      flight.settle(failed(failure));
      stop?.();
    },
    goesOut: () => gone.removeEventListener("end", onGone),
  };
  gone.addEventListener("abort", onGone);
  gone.addEventListener("end", onGone);
  return flight;
}

export function failed(failure: UpstreamFailure): UpstreamResult {
  return { kind: "failure", failure };
}
