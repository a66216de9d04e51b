/** The time limit and cancellation of one call: it ends when the client disconnects or its time is over. */
import type { GoneSignal, UpstreamFailure, UpstreamResult } from "../ports/ports.ts";

/** The operation in progress listens for `abort`; one listener at a time. */
export interface Flight extends GoneSignal {
  /** Ends the call with this result, unless it has ended. */
  settle(result: UpstreamResult): void;
  /** Ends the call as failed and aborts the operation in progress. */
  giveUp(failure: UpstreamFailure): void;
  /** Marks the request as being sent: the client may now close its sending side; only a full disconnect cancels the call. */
  goesOut(): void;
}

export const GONE: UpstreamFailure = { kind: "cancelled", detail: "the client closed the connection before the answer came" };

/** Starts the time limit for the whole answer. `resolve` is called once. */
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
