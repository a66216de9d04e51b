/** A bound on the time that the gateway takes, counted only while it is the gateway's turn. */

/** Runs after it was started, until it is paused or ended. */
export interface Countdown {
  /** Begins with the whole time. */
  start(): void;
  /** Stops counting; `resume` goes on with what is left. */
  pause(): void;
  resume(): void;
  /** For good. */
  end(): void;
}

/** Calls `onOver` once `ms` have been counted; not started yet. */
export function createCountdown(ms: number, onOver: () => void): Countdown {
  let leftMs = ms;
  let sinceMs = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const pause = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    leftMs = Math.max(0, leftMs - (performance.now() - sinceMs));
  };
  const resume = (): void => {
    if (ended || timer !== undefined) return;
    sinceMs = performance.now();
    timer = setTimeout(() => {
      ended = true;
      onOver();
    }, leftMs);
  };
  return {
    start() {
      pause();
      leftMs = ms;
      resume();
    },
    pause,
    resume,
    end() {
      ended = true;
      pause();
    },
  };
}
