/** What was started, to be stopped again: last in, first out, and a step that fails or hangs keeps none of the others from running. */

export interface Undo {
  /** `step` is given the time, in milliseconds, that work in progress may take. */
  push(name: string, step: (graceMs: number) => unknown): void;
  /** Runs all steps, each once. Never rejects. */
  run(graceMs: number): Promise<void>;
}

/** Beyond the grace, for a step to close what it holds. */
const CLOSE_MS = 5000;

/** `onTrouble` is told of a step that threw, or was not done in time: the grace and `closeMs` more. */
export function createUndo(onTrouble: (name: string, error: unknown) => void, closeMs: number = CLOSE_MS): Undo {
  const steps: { readonly name: string; readonly step: (graceMs: number) => unknown }[] = [];
  return {
    push: (name, step) => void steps.push({ name, step }),
    async run(graceMs) {
      for (const { name, step } of steps.splice(0).reverse()) {
        await withinTime(async () => await step(graceMs), graceMs + closeMs).catch((error: unknown) => onTrouble(name, error));
      }
    },
  };
}

async function withinTime(work: () => Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
