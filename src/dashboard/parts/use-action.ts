/** A button's work: whether it is going on, and what went wrong. */
import { useState } from "preact/hooks";
import type { ProblemView } from "../../admin/api/views/problem-view.ts";
import { ClientError } from "../client.ts";

export interface Trouble {
  readonly message: string;
  readonly problems: readonly ProblemView[];
}

export interface Action {
  readonly busy: boolean;
  readonly trouble: Trouble | undefined;
  /** Runs `work` unless another is going on; resolves to whether it went well. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly clear: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | undefined>();
  return {
    busy,
    trouble,
    clear: () => setTrouble(undefined),
    async run(work) {
      if (busy) return false;
      setBusy(true);
      setTrouble(undefined);
      try {
        await work();
        return true;
      } catch (error) {
        setTrouble(troubleOf(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What a person is told of a failure. */
export function troubleOf(error: unknown): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  return { message, problems: error instanceof ClientError ? error.problems : [] };
}
