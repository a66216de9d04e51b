/** What one open page has not been told yet: bounded, so that a slow page or a flood of calls costs the proxy nothing. */
import type { JournalEntry } from "../observe/journal.ts";
import type { AdminPorts } from "./ports.ts";

/** News since the last `take`. */
export interface News {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Calls that came besides and are not in `entries`. */
  readonly dropped: number;
  readonly rulesChanged: boolean;
}

export interface Feed {
  take(): News;
  end(): void;
}

/** Calls held for one page; of more, the newest are kept. */
const HELD = 50;

/** Firings change with every call: they are told every so many takes only. */
const TAKES_A_TALLY = 5;

/** Begins to gather news. On a call's path it only stores a reference. */
export function createFeed({ journal, store, ledger }: Pick<AdminPorts, "journal" | "store" | "ledger">): Feed {
  let held: (JournalEntry | undefined)[] = [];
  let came = 0;
  let rulesChanged = false;
  let counted = false;
  let takes = 0;
  const noteChange = (): void => {
    rulesChanged = true;
  };
  const leave = [
    journal.subscribe((entry) => {
      held[came % HELD] = entry;
      came += 1;
    }),
    store.subscribe(noteChange),
    ledger.subscribe((change) => {
      if (change === "windows") rulesChanged = true;
      else counted = true;
    }),
  ];
  return {
    take() {
      const oldest = came > HELD ? came % HELD : 0;
      const entries = [...held.slice(oldest), ...held.slice(0, oldest)].filter((entry) => entry !== undefined);
      takes += 1;
      const isDue = rulesChanged || (counted && takes % TAKES_A_TALLY === 0);
      const news = { entries, dropped: came - entries.length, rulesChanged: isDue };
      held = [];
      came = 0;
      if (isDue) counted = false;
      rulesChanged = false;
      return news;
    },
    end() {
      for (const unsubscribe of leave.splice(0)) unsubscribe();
    },
  };
}
