/** The rules while the program runs: loaded, watched, changed by one queue, their windows kept across restarts. */
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import { isMissing } from "../base/is-missing.ts";
import type { Problem } from "../base/problem.ts";
import { callListener, type OnListenerError } from "../base/subscribers.ts";
import { type ApplyChange, createRuleChanges, type OnRulesChanged, type RuleChanges, type RulesChange } from "../rules/change-rules.ts";
import { loadRules } from "../rules/files/load.ts";
import { createRuleTexts, type RuleTexts } from "../rules/files/rule-texts.ts";
import { type RulesWatch, watchRules } from "../rules/files/watch.ts";
import type { Parsed, Source } from "../rules/language/parse.ts";
import { type RuleLayers, rulesInForce } from "../rules/layers.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { Layer, Rule, RuleSet } from "../rules/rule.ts";
import { createRuleSet } from "../rules/rule-set.ts";
import { rulePhase } from "../rules/select/rule-phase.ts";
import { createRuleStore, type RuleStore } from "../rules/store.ts";
import { type ParsedTemporary, parseTemporary } from "../rules/temporary-rules.ts";
import { type Windows, watchWindows } from "../rules/windows.ts";
import { awaitRules } from "./await-rules.ts";
import { openLedger } from "./open-ledger.ts";
import type { AppSettings } from "./settings.ts";
import { StartupError } from "./startup-error.ts";
import { vocabulary } from "./vocabulary.ts";

export interface RulesRuntime {
  readonly store: RuleStore;
  readonly ledger: Ledger;
  /** Changes the rules, one change after the other. */
  readonly apply: ApplyChange;
  /** The rules in force by layer. */
  layers(): RuleLayers;
  /** The files' texts; undefined where there are no files. */
  readonly texts: RuleTexts | undefined;
  /**
   * Puts these rules in force as the temporary layer, in place of all temporary rules. Gives their problems; the last good rules then stay.
   * Rules that are in force already begin anew, unless `keep`.
   */
  setTemporary(source: Source, keep: boolean): Promise<readonly Problem[]>;
  /** Looks at the rules files now, without waiting for the watcher. Rejects where the rules cannot be put in force because of a bug. */
  check(): Promise<void>;
  /** Whether the rule can act at this time: switched on, and its window running. */
  isRunning(rule: Rule): boolean;
  /** Why windows and tallies cannot be reached just now; undefined while they can. */
  trouble(): string | undefined;
  /** Writes the state for good. */
  stop(): Promise<void>;
}

/** Told of the start, and of each change and refusal, by layer; `nowMs` in epoch milliseconds. */
export type OnRules = (layer: Layer, parsed: Parsed, nowMs: number) => void;

/** Loads the rules; throws a StartupError when they are wrong. */
export async function startRules(settings: AppSettings, onRules: OnRules): Promise<RulesRuntime> {
  const { clock } = settings;
  const { layers, fingerprint } = await loadFirst(settings);
  const rules = rulesInForce(layers);
  const { ledger, seenAtMs, trouble, close } = await openLedger(settings);
  await ledger.retain(rules.rules, clock.steady());
  const onError = onBug(settings);
  const store = createRuleStore(rules, onError);
  onRules("files", { kind: "ok", rules }, clock.wall());
  const windows = announceWindows(settings, { ledger, store, seenAtMs });
  const texts = textsOf(settings);
  const onChanged: OnRulesChanged = (layer, parsed) => {
    windows.refresh();
    callListener((now) => onRules(layer, parsed, now), clock.wall(), onError);
  };
  const changes = createRuleChanges(layers, fingerprint, { store, ledger, clock, vocabulary, texts, onChanged });
  const watch = await watchPath(settings, fingerprint, changes);
  return {
    ...{ store, ledger, texts, trouble, apply: changes.apply, layers: changes.layers },
    setTemporary: (source, keep) => setTemporary(source, keep, changes),
    check: async () => watch?.check(),
    isRunning: (rule) => rulePhase(rule, ledger, clock.steady()) === "running",
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

interface First {
  readonly layers: RuleLayers;
  readonly fingerprint: string;
}

async function loadFirst({ rules, log }: AppSettings): Promise<First> {
  const none = createRuleSet([]);
  if (rules.kind === "text") {
    const parsed = await parseTemporary(rules.source, vocabulary);
    if (parsed.kind === "bad") throw new StartupError("rules", parsed.problems);
    return { layers: { temporary: parsed.temporary, files: none }, fingerprint: "" };
  }
  if (rules.mayBeMissing === true && (await isMissing(rules.path))) {
    const message = `there are no rules yet: \`${resolve(rules.path)}\` is loaded when it is created; \`antom-fault-proxy init\` writes a first file`;
    log.event({ kind: "notice", message });
    return { layers: { temporary: [], files: none }, fingerprint: MISSING };
  }
  const loaded = await loadRules(rules.path, vocabulary);
  if (loaded.kind === "bad") throw new StartupError("rules", loaded.problems);
  return { layers: { temporary: [], files: loaded.rules }, fingerprint: loaded.fingerprint };
}

function textsOf({ rules }: AppSettings): RuleTexts | undefined {
  return rules.kind === "text" ? undefined : createRuleTexts(rules.path, { mayBeMissing: rules.mayBeMissing });
}

async function setTemporary(source: Source, keep: boolean, { apply }: RuleChanges): Promise<readonly Problem[]> {
  type Refused = Extract<ParsedTemporary, { readonly kind: "bad" }>;
  const applied = await apply<Refused>(async (): Promise<RulesChange | Refused> => {
    const parsed = await parseTemporary(source, vocabulary);
    return parsed.kind === "bad" ? parsed : { kind: "change", temporary: parsed.temporary, beginsAnew: () => !keep };
  });
  return applied.kind === "ok" ? [] : applied.problems;
}

/** A bug that no call is answered for. */
function onBug({ log }: AppSettings): OnListenerError {
  return (error) => log.event({ kind: "bug", callId: undefined, error });
}

async function watchPath(settings: AppSettings, fingerprint: string, changes: RuleChanges): Promise<RulesWatch | undefined> {
  const { rules, clock } = settings;
  if (rules.kind === "text") return undefined;
  const { inTurn, isKnown, takeFiles: onLoad } = changes;
  const begin = (): Promise<RulesWatch> =>
    watchRules({ path: rules.path, vocabulary, clock, inTurn, isKnown, onLoad, onError: onBug(settings) });
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
