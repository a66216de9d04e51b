/** What changes by itself: calls and rules, kept current by one stream of server-sent events. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CallsAnswer, RulesAnswer } from "../admin/api/views/answers.ts";
import type { CallSummary } from "../admin/api/views/call-view.ts";
import { client } from "./client.ts";
import { openStream } from "./live-stream.ts";
import { known, type Loaded, type Source, useLoaded } from "./parts/use-loaded.ts";

export interface Live {
  readonly connection: "connecting" | "live" | "lost";
  /** Newest first; while the kept calls are not known, those alone that came since the page was opened. */
  readonly calls: readonly CallSummary[];
  /** The kept calls as last asked for. */
  readonly kept: Loaded<CallsAnswer>;
  /** Calls left out of the list because they came too fast. */
  readonly dropped: number;
  readonly rules: Loaded<RulesAnswer>;
  readonly reloadRules: () => void;
  readonly reloadCalls: () => void;
}

/** Calls kept by the page; the proxy keeps more. */
const KEPT = 300;

export function useLive(): Live {
  const [connection, setConnection] = useState<Live["connection"]>("connecting");
  const [news, setNews] = useState<readonly CallSummary[]>([]);
  const [dropped, setDropped] = useState(0);
  const kept = useLoaded(() => client.calls({ limit: String(KEPT) }));
  const rules = useSparingly(useLoaded(client.rules));
  const reloadCalls = (): void => {
    setDropped(0);
    kept.reload();
  };
  useEffect(
    () =>
      openStream({
        opened() {
          setConnection("live");
          // A proxy that was started anew counts its calls from one again.
          setNews([]);
          reloadCalls();
          rules.reload();
        },
        lost: () => setConnection("lost"),
        calls(event) {
          setDropped((before) => before + event.dropped);
          setNews((before) => [...[...event.calls].reverse(), ...before].slice(0, KEPT));
        },
        rules: rules.reload,
      }),
    [],
  );
  const calls = merge(news, known(kept.loaded));
  return { connection, calls, kept: kept.loaded, dropped, rules: rules.loaded, reloadRules: rules.reload, reloadCalls };
}

/** What the list has already is not listed twice. */
function merge(news: readonly CallSummary[], kept: CallsAnswer | undefined): readonly CallSummary[] {
  if (kept === undefined) return news;
  return [...news.filter((call) => call.sequence > kept.newest), ...kept.calls].slice(0, KEPT);
}

const PAUSE_MS = 400;

/** The source, asked at most once in a while, and once more after the last wish. */
function useSparingly<T>({ loaded, reload }: Source<T>): Source<T> {
  const timer = useRef<number | undefined>(undefined);
  const sparingly = (): void => {
    if (timer.current !== undefined) return;
    reload();
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      reload();
    }, PAUSE_MS);
  };
  return { loaded, reload: sparingly };
}
