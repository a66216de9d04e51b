/**
 * Batches results of the thread pool, which otherwise wake the main thread once per call. Under load several results are delivered together, so
 * that the work after them (writing an answer, reading the client's next call) is done together too. A single result is delivered immediately.
 * Speed, 2026-11-23: 5 to 13 % less CPU per signed call under load (three comparisons of 6 to 12 rounds). test/base/batch.test.ts notices its
 * removal.
 */

/** Delivers one result. */
type Deliver = () => void;

export interface Batch {
  /** Counts a started task. */
  started(): void;
  /** Adds a task's result. The batch is delivered when at least as many results are waiting as tasks are running, when `most` are waiting, or `longestMs` after the first. */
  finished(deliver: Deliver): void;
}

const MOST = 12;
/** Reached only when tasks are delayed; a full batch is complete earlier. */
const LONGEST_MS = 2;

/** Creates an empty batch. */
export function createBatch(most: number = MOST, longestMs: number = LONGEST_MS): Batch {
  let running = 0;
  let waiting: Deliver[] = [];
  let timer: NodeJS.Timeout | undefined;
  const deliverAll = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = waiting;
    waiting = [];
    for (const deliver of all) deliver();
  };
  return {
    started() {
      running += 1;
    },
    finished(deliver) {
      running -= 1;
      waiting.push(deliver);
      if (waiting.length >= Math.min(most, running)) deliverAll();
      else timer ??= setTimeout(deliverAll, longestMs);
    },
  };
}
