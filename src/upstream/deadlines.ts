/** A timer for the gateway that can be paused while the client is the slower side. */

/** A countdown that can be paused. */
export interface Countdown {
  /** Starts with the full time. */
  start(): void;
  /** Stops counting; `resume` continues with the remaining time. */
  pause(): void;
  resume(): void;
  /** Stops permanently. */
  end(): void;
}

/** Creates a stopped countdown that calls `onOver` after `ms` milliseconds of counted time. */
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
