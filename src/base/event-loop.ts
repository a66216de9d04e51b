/**
 * The turns of the event loop. Work that many calls have to do alike is put off to the end of the turn in which it came up and done there for
 * all of them, one right after the other: the sockets' other ends are woken once instead of once a call. On a lone call it costs microseconds.
 */

let ending: Promise<void> | undefined;

/** Resolves when all that the current turn brought up has been looked at; the same promise for all who ask in one turn. Never rejects. */
export function endOfTurn(): Promise<void> {
  ending ??= new Promise((resolve) => {
    setImmediate(() => {
      ending = undefined;
      resolve();
    });
  });
  return ending;
}

/** Long work goes on for so long in one go. A call needs several turns, so each must be short. */
const SLICE_MS = 0.25;

/** Runs `steps` to their end, between the turns of a process that serves calls meanwhile; whatever follows has a turn of its own. Rejects with what they throw. */
export async function inSlices<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  let sinceMs = performance.now();
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await endOfTurn();
    sinceMs = performance.now();
  }
  await endOfTurn();
  return step.value;
}
