/** What changes by itself: calls and rules, kept current by one stream of server-sent events. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CallsEvent } from "../admin/api/live-route.ts";
import type { RulesAnswer } from "../admin/api/views/answers.ts";
import type { CallSummary } from "../admin/api/views/call-view.ts";
import { client, streamUrl } from "./client.ts";

/** Newest first. */
export interface Live {
  readonly connected: boolean;
  readonly calls: readonly CallSummary[];
  /** Calls left out of the list because they came too fast. */
  readonly dropped: number;
  readonly rules: RulesAnswer | undefined;
  /** Add to this machine's time to have the proxy's. */
  readonly clockOffsetMs: number;
  readonly reloadRules: () => void;
  readonly reloadCalls: () => void;
}

/** Calls kept by the page; the proxy keeps more. */
const KEPT = 300;
const RULES_PAUSE_MS = 400;

export function useLive(): Live {
  const [connected, setConnected] = useState(true);
  const [calls, setCalls] = useState<readonly CallSummary[]>([]);
  const [dropped, setDropped] = useState(0);
  const { rules, clockOffsetMs, reloadRules } = useRules();
  const reloadCalls = (): void => {
    setDropped(0);
    client.calls({ limit: String(KEPT) }).then(
      (answer) => setCalls(answer.calls),
      () => undefined,
    );
  };
  useEffect(() => {
    const source = new EventSource(streamUrl);
    source.addEventListener("hello", () => {
      setConnected(true);
      reloadCalls();
      reloadRules();
    });
    source.addEventListener("calls", (event) => {
      const news: CallsEvent = JSON.parse(event.data);
      setDropped((before) => before + news.dropped);
      setCalls((before) => merge(news.calls, before));
    });
    source.addEventListener("rules", reloadRules);
    source.addEventListener("error", () => setConnected(false));
    return () => source.close();
  }, []);
  return { connected, calls, dropped, rules, clockOffsetMs, reloadRules, reloadCalls };
}

/** `news` is oldest first; a call that the list has already is not listed twice. */
function merge(news: readonly CallSummary[], before: readonly CallSummary[]): readonly CallSummary[] {
  const newest = before[0]?.sequence ?? 0;
  const fresh = news.filter((call) => call.sequence > newest).reverse();
  return [...fresh, ...before].slice(0, KEPT);
}

/** Asks at most once in a while, and once more after the last wish. */
function useRules(): Pick<Live, "rules" | "clockOffsetMs" | "reloadRules"> {
  const [rules, setRules] = useState<RulesAnswer | undefined>();
  const [clockOffsetMs, setOffset] = useState(0);
  const timer = useRef<number | undefined>(undefined);
  const load = (): void => {
    client.rules().then(
      (answer) => {
        setRules(answer);
        setOffset(answer.nowMs - Date.now());
      },
      () => undefined,
    );
  };
  const reloadRules = (): void => {
    if (timer.current !== undefined) return;
    load();
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      load();
    }, RULES_PAUSE_MS);
  };
  return { rules, clockOffsetMs, reloadRules };
}
