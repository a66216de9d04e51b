/** The rules while the program runs: loaded, watched, swapped in whole or not at all, their windows kept across restarts. */
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import { isMissing } from "../base/is-missing.ts";
import type { Problem } from "../base/problem.ts";
import { callListener, type OnListenerError } from "../base/subscribers.ts";
import { type Loaded, loadRules, parseInSlices } from "../rules/files/load.ts";
import { type RulesWatch, watchRules } from "../rules/files/watch.ts";
import type { Parsed, Source } from "../rules/language/parse.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { Rule, RuleSet } from "../rules/rule.ts";
import { rulePhase } from "../rules/select/rule-phase.ts";
import { createRuleStore, type RuleStore } from "../rules/store.ts";
import { type Windows, watchWindows } from "../rules/windows.ts";
import { awaitRules } from "./await-rules.ts";
import { openLedger } from "./open-ledger.ts";
import { createRuleSetter } from "./set-rules.ts";
import type { AppSettings } from "./settings.ts";
import { StartupError } from "./startup-error.ts";
import { kinds } from "./vocabulary.ts";

export interface RulesRuntime {
  readonly store: RuleStore;
  readonly ledger: Ledger;
  /**
   * Parses and swaps in these texts; the last good rules stay when there are problems, which are returned. Of several the last wins.
   * Rules that are in force already begin anew, unless `keep`.
   */
  set(sources: readonly Source[], keep: boolean): Promise<readonly Problem[]>;
  /** The texts that were set last, once all that were asked for have been taken; those of the start before. */
  sources(): Promise<readonly Source[]>;
  /** Looks at the rules files now, without waiting for the watcher. Rejects where the rules cannot be put in force because of a bug. */
  check(): Promise<void>;
  /** Whether the rule can act at this time: switched on, and its window running. */
  isRunning(rule: Rule): boolean;
  /** Why windows and tallies cannot be reached just now; undefined while they can. */
  trouble(): string | undefined;
  /** Writes the state for good. */
  stop(): Promise<void>;
}

/** Told of every load: the first, each reload, each refusal; `nowMs` in epoch milliseconds. */
export type OnLoaded = (parsed: Parsed, nowMs: number) => void;

/** Loads the rules; throws a StartupError when they are wrong. */
export async function startRules(settings: AppSettings, onLoaded: OnLoaded): Promise<RulesRuntime> {
  const { clock } = settings;
  const loaded = await loadFirst(settings);
  if (loaded.kind === "bad") throw new StartupError("rules", loaded.problems);
  const { ledger, seenAtMs, trouble, close } = await openLedger(settings);
  await ledger.retain(loaded.rules.rules, clock.steady());
  const onError = onBug(settings);
  const store = createRuleStore(loaded.rules, onError);
  onLoaded(loaded, clock.wall());
  const windows = announceWindows(settings, { ledger, store, seenAtMs });
  const setter = createRuleSetter(settings.rules.kind === "text" ? settings.rules.sources : [], {
    parse: (sources) => parseInSlices(sources, kinds),
    async take(parsed, keep) {
      await swap(parsed, keep, { store, ledger, windows, clock });
      callListener((now) => onLoaded(parsed, now), clock.wall(), onError);
    },
  });
  const watch = await watchPath(settings, loaded.fingerprint, setter.take);
  return {
    store,
    ledger,
    set: setter.set,
    sources: setter.sources,
    check: async () => watch?.check(),
    isRunning: (rule) => rulePhase(rule, ledger, clock.steady()) === "running",
    trouble,
    async stop() {
      const ended = await Promise.allSettled([watch?.close(), (async () => windows.close())()]);
      // Whatever became of these, the state is saved.
      await close();
      for (const one of ended) if (one.status === "rejected") throw one.reason;
    },
  };
}

/** A fingerprint that no file has. */
const MISSING = "missing";

async function loadFirst({ rules, log }: AppSettings): Promise<Loaded> {
  if (rules.kind === "path" && !(rules.mayBeMissing === true && (await isMissing(rules.path)))) return await loadRules(rules.path, kinds);
  if (rules.kind === "path") {
    const message = `there are no rules yet: \`${resolve(rules.path)}\` is taken as soon as it exists; \`antom-fault-proxy init\` writes a first file`;
    log.event({ kind: "notice", message });
    return { ...(await parseInSlices([], kinds)), fingerprint: MISSING };
  }
  return { ...(await parseInSlices(rules.sources, kinds)), fingerprint: "" };
}

interface Swap {
  readonly store: RuleStore;
  readonly ledger: Ledger;
  readonly windows: Windows;
  readonly clock: Clock;
}

async function swap(parsed: Parsed, keep: boolean, { store, ledger, windows, clock }: Swap): Promise<void> {
  if (parsed.kind === "bad") {
    store.reject(parsed.problems);
    return;
  }
  const before = new Set(
    keep
      ? []
      : store
          .current()
          .rules.filter(isActive)
          .map((rule) => rule.identity),
  );
  await ledger.retain(parsed.rules.rules, clock.steady());
  for (const rule of parsed.rules.rules) if (before.has(rule.identity) && isActive(rule)) await ledger.rearm(rule, clock.steady());
  store.replace(parsed.rules);
  windows.refresh();
}

function isActive(rule: Rule): boolean {
  return rule.activation.active;
}

/** A bug that no call is answered for. */
function onBug({ log }: AppSettings): OnListenerError {
  return (error) => log.event({ kind: "bug", callId: undefined, error });
}

async function watchPath(
  settings: AppSettings,
  fingerprint: string,
  onLoad: (loaded: Loaded) => Promise<void>,
): Promise<RulesWatch | undefined> {
  const { rules, clock } = settings;
  if (rules.kind === "text") return undefined;
  const begin = (): Promise<RulesWatch> => watchRules({ path: rules.path, kinds, clock, fingerprint, onLoad, onError: onBug(settings) });
  return fingerprint === MISSING ? await awaitRules(rules.path, clock, begin) : await begin();
}

function announceWindows(
  settings: AppSettings,
  { ledger, store, seenAtMs }: { ledger: Ledger; store: RuleStore; seenAtMs: number | undefined },
): Windows {
  const { clock, log } = settings;
  const rules = (): RuleSet => store.current();
  return watchWindows({
    ledger,
    clock,
    rules,
    seenAtMs,
    onError: onBug(settings),
    listener: ({ kind, rule, window }) => {
      if (kind === "started") log.event({ kind: "window-started", rule: rule.name, endsAtMs: wallOf(window.endsAtMs, clock) });
      else log.event({ kind: "window-ended", rule: rule.name });
    },
  });
}

/** A steady reading as epoch milliseconds. */
function wallOf(steadyMs: number | undefined, clock: Clock): number | undefined {
  return steadyMs === undefined ? undefined : steadyMs + clock.wall() - clock.steady();
}
