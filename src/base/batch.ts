/**
 * Results that other threads bring back one by one, each waking the main thread for a single call. Under load they are handed on a few at a time, so
 * that what follows (writing an answer, reading the client's next call) is done back to back too. A lone result is handed on at once.
 */

/** Hands on what has come back. */
type HandOn = () => void;

export interface Gathering {
  /** Counts a piece of work that has been given away. */
  started(): void;
  /** Takes its result, which is handed on when no more are out than have come back, when `most` have, or when the first has waited for `longestMs`. */
  finished(handOn: HandOn): void;
}

const MOST = 12;
/** Only for work that is held up: a full group is together sooner. */
const LONGEST_MS = 2;

/** Nothing given away yet. */
export function createGathering(most: number = MOST, longestMs: number = LONGEST_MS): Gathering {
  let out = 0;
  let back: HandOn[] = [];
  let timer: NodeJS.Timeout | undefined;
  const handOnAll = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = back;
    back = [];
    for (const handOn of all) handOn();
  };
  return {
    started() {
      out += 1;
    },
    finished(handOn) {
      out -= 1;
      back.push(handOn);
      if (back.length >= Math.min(most, out)) handOnAll();
      else timer ??= setTimeout(handOnAll, longestMs);
    },
  };
}
