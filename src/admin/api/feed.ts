/** What one open page has not been told yet: bounded, so that a slow page or a flood of calls costs the proxy nothing. */
import type { JournalEntry } from "../../observe/journal/journal.ts";
import type { AdminPorts } from "../ports.ts";
import { SUMMARY_BODY_BYTES } from "./views/call-view.ts";

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

/** Calls told at once; of more, the newest. */
const SHOWN = 50;

/** Firings change with every call: they are told every so many takes only. */
const TAKES_A_TALLY = 5;

/** Begins to gather news. It holds no call: what came since the last take is read from the journal, which bounds what is kept. */
export function createFeed({ journal, store, ledger }: Pick<AdminPorts, "journal" | "store" | "ledger">): Feed {
  let taken = journal.size.newest;
  let ended = false;
  let rulesChanged = false;
  let counted = false;
  let takes = 0;
  const leave = [
    store.subscribe(() => {
      rulesChanged = true;
    }),
    ledger.subscribe((change) => {
      if (change === "windows") rulesChanged = true;
      else counted = true;
    }),
  ];
  const takeEntries = (): Pick<News, "entries" | "dropped"> => {
    const { newest } = journal.size;
    if (ended || newest === taken) return { entries: [], dropped: 0 };
    const entries = journal.entries({ since: taken, limit: SHOWN, bodyBytes: SUMMARY_BODY_BYTES }).toReversed();
    const dropped = newest - taken - entries.length;
    taken = newest;
    return { entries, dropped };
  };
  return {
    take() {
      takes += 1;
      const isDue = rulesChanged || (counted && takes % TAKES_A_TALLY === 0);
      if (isDue) counted = false;
      rulesChanged = false;
      return { ...takeEntries(), rulesChanged: isDue };
    },
    end() {
      ended = true;
      for (const unsubscribe of leave.splice(0)) unsubscribe();
    },
  };
}
