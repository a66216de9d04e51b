/** What the page knows of something that it asks the proxy for. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ClientError } from "../client.ts";
import { type Trouble, troubleOf } from "./use-action.ts";

export type Loaded<T> =
  | { readonly kind: "loading" }
  /** It was never read; `trouble` says why the last try failed. */
  | { readonly kind: "unknown"; readonly trouble: Trouble }
  | {
      readonly kind: "known";
      readonly value: T;
      /** When it was read, in epoch milliseconds of this machine. */
      readonly atMs: number;
      /** Why it could not be read again since; undefined where the last try succeeded. */
      readonly trouble: Trouble | undefined;
    };

export interface Source<T> {
  readonly loaded: Loaded<T>;
  /** Asks again; what is known stays until the answer comes. */
  readonly reload: () => void;
}

export interface LoadOptions {
  /** What is asked for: when it changes, what was known before is dropped. */
  readonly key?: string;
  /** When it changes, the same is asked for again. */
  readonly again?: unknown;
  /** Wait before asking, so that quick changes of `again` ask once. The first time there is no wait. */
  readonly pauseMs?: number;
}

const RETRY_MS = 3000;

const LOADING = { kind: "loading" } as const;

/** Asks when the component is first shown, and again after a failure that may pass. Of answers that overtake each other the one asked for last counts. */
export function useLoaded<T>(ask: () => Promise<T>, { key = "", again, pauseMs = 0 }: LoadOptions = {}): Source<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>(LOADING);
  /** Numbers of the request made last and of the one shown; an older one is not shown any more. */
  const turns = useRef({ asked: 0, shown: 0 });
  const retry = useRef<number | undefined>(undefined);
  const load = (): void => {
    clearTimeout(retry.current);
    const { current } = turns;
    current.asked += 1;
    const turn = current.asked;
    const isLate = (): boolean => turn <= current.shown;
    ask().then(
      (value) => {
        if (isLate()) return;
        current.shown = turn;
        setLoaded({ kind: "known", value, atMs: Date.now(), trouble: undefined });
      },
      (error: unknown) => {
        if (isLate()) return;
        current.shown = turn;
        setLoaded((before) => failed(before, troubleOf(error)));
        if (mayPass(error)) retry.current = window.setTimeout(load, RETRY_MS);
      },
    );
  };
  useEffect(() => {
    setLoaded(LOADING);
    return () => {
      turns.current.shown = turns.current.asked;
      clearTimeout(retry.current);
    };
  }, [key]);
  useEffect(() => {
    if (pauseMs === 0 || turns.current.asked === 0) return load();
    const timer = setTimeout(load, pauseMs);
    return () => clearTimeout(timer);
  }, [key, again]);
  return { loaded, reload: load };
}

/** The value where it is known. */
export function known<T>(loaded: Loaded<T>): T | undefined {
  return loaded.kind === "known" ? loaded.value : undefined;
}

function failed<T>(before: Loaded<T>, trouble: Trouble): Loaded<T> {
  return before.kind === "known" ? { ...before, trouble } : { kind: "unknown", trouble };
}

/** A refusal by the proxy (4xx) stays one; a proxy that is away or has a bug may come back. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ClientError && error.status !== undefined && error.status < 500);
}
