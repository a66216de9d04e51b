/** The rules while the program runs: loaded, watched, swapped in whole or not at all, their windows kept across restarts. */
import { resolve } from "node:path";
import { isMissing } from "../files/is-missing.ts";
import { kinds } from "../kinds.ts";
import type { Clock } from "../ports.ts";
import type { Problem } from "../problem.ts";
import { type Ledger, phaseOf } from "../rules/ledger.ts";
import { type Loaded, loadRules, parseInSlices } from "../rules/load.ts";
import type { Parsed, Source } from "../rules/parse.ts";
import type { Rule, RuleSet } from "../rules/rule.ts";
import { createRuleStore, type RuleStore } from "../rules/store.ts";
import { type RulesWatch, watchRules } from "../rules/watch.ts";
import { type Windows, watchWindows } from "../rules/windows.ts";
import { awaitRules } from "./await-rules.ts";
import { openLedger } from "./open-ledger.ts";
import type { AppSettings } from "./settings.ts";
import { StartupError } from "./startup-error.ts";

export interface RulesRuntime {
  readonly store: RuleStore;
  readonly ledger: Ledger;
  /** Parses and swaps in these texts; the last good rules stay when there are problems, which are returned. */
  set(sources: readonly Source[]): Promise<readonly Problem[]>;
  /** Looks at the rules files now, without waiting for the watcher. */
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
  const store = createRuleStore(loaded.rules);
  onLoaded(loaded, clock.wall());
  const windows = announceWindows(settings, { ledger, store, seenAtMs });
  const take = async (parsed: Parsed): Promise<readonly Problem[]> => {
    await swap(parsed, { store, ledger, windows, clock });
    onLoaded(parsed, clock.wall());
    return parsed.kind === "bad" ? parsed.problems : [];
  };
  const watch = await watchPath(settings, loaded.fingerprint, take);
  return {
    store,
    ledger,
    set: async (sources) => take(await parseInSlices(sources, kinds)),
    check: async () => watch?.check(),
    isRunning: (rule) => isRunning(rule, ledger, clock.steady()),
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

async function swap(parsed: Parsed, { store, ledger, windows, clock }: Swap): Promise<void> {
  if (parsed.kind === "bad") {
    store.reject(parsed.problems);
    return;
  }
  await ledger.retain(parsed.rules.rules, clock.steady());
  store.replace(parsed.rules);
  windows.refresh();
}

async function watchPath(
  { rules, clock }: AppSettings,
  fingerprint: string,
  take: (parsed: Parsed) => Promise<unknown>,
): Promise<RulesWatch | undefined> {
  if (rules.kind === "text") return undefined;
  const onLoad = async (loaded: Loaded): Promise<void> => void (await take(loaded));
  const begin = (): Promise<RulesWatch> => watchRules({ path: rules.path, kinds, clock, fingerprint, onLoad });
  return fingerprint === MISSING ? await awaitRules(rules.path, clock, begin) : await begin();
}

function announceWindows(
  { clock, log }: AppSettings,
  { ledger, store, seenAtMs }: { ledger: Ledger; store: RuleStore; seenAtMs: number | undefined },
): Windows {
  const rules = (): RuleSet => store.current();
  return watchWindows({
    ledger,
    clock,
    rules,
    seenAtMs,
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

function isRunning(rule: Rule, ledger: Ledger, nowMs: number): boolean {
  const window = ledger.standingOf(rule.identity)?.window;
  return rule.activation.active && window !== undefined && phaseOf(window, nowMs) === "running";
}
