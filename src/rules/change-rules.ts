/** The one way in which the rules in force change: each change is decided, written and put in force before the next one begins. */
import type { Clock } from "../base/clock.ts";
import type { MaybePromise } from "../base/maybe-promise.ts";
import { createTaskQueue, type TaskQueue } from "../base/task-queue.ts";
import type { FileEdit } from "./edit/edit-sources.ts";
import type { Loaded } from "./files/load.ts";
import type { RuleTexts } from "./files/rule-texts.ts";
import { type WriteFailure, writeEdits } from "./files/write-edits.ts";
import type { Parsed } from "./language/parse.ts";
import type { Vocabulary } from "./language/vocabulary.ts";
import { type RuleLayers, rulesInForce, rulesOfBoth, type TemporaryRule } from "./layers.ts";
import type { Ledger } from "./ledger.ts";
import type { Layer, Rule, RuleSet } from "./rule.ts";
import type { RuleStore } from "./store.ts";

/** What one change does: all of it, or nothing. */
export interface RulesChange {
  readonly kind: "change";
  /** Edits of the files' texts. */
  readonly edits?: readonly FileEdit[];
  /** The temporary layer from now on; undefined: as it is. */
  readonly temporary?: readonly TemporaryRule[];
  /** Whether a rule that was in force and active already begins its window and tallies anew. Default: none does. */
  readonly beginsAnew?: (rule: Rule) => boolean;
  /** Whether the window of a rule ends. Default: none does. */
  readonly stops?: (rule: Rule) => boolean;
}

/** The rules in force after the change, or why the files could not be written; nothing has changed then. */
export type Changed = { readonly kind: "ok"; readonly rules: RuleSet } | WriteFailure;

/**
 * Runs `decide` when all earlier changes are in force, and does what it says. What it gives besides a change is handed back, and nothing changes.
 * Rejects where the rules cannot be put in force because of a bug.
 */
export type ApplyChange = <Refusal extends { readonly kind: string }>(
  decide: (layers: RuleLayers) => MaybePromise<RulesChange | Refusal>,
) => Promise<Changed | Refusal>;

export interface RuleChanges {
  readonly apply: ApplyChange;
  /** As they are in force. */
  layers(): RuleLayers;
  /** For the watcher: `takeFiles` is called in a turn of this queue. */
  readonly inTurn: TaskQueue;
  /** Whether the files with this fingerprint are those that were taken, rejected or written last. */
  isKnown(fingerprint: string): boolean;
  /** Puts the files' rules in force, or notes their problems and keeps the last good ones; the temporary layer stays in either case. */
  takeFiles(loaded: Loaded): Promise<void>;
}

/** Is told after each change of a layer what is in force now, or why the files were rejected. */
export type OnRulesChanged = (layer: Layer, parsed: Parsed) => void;

export interface ChangeParts {
  readonly store: RuleStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly vocabulary: Vocabulary;
  /** Undefined where there are no files. */
  readonly texts: RuleTexts | undefined;
  readonly onChanged: OnRulesChanged;
}

/** `layers` are in force already; `fingerprint` is that of their files. */
export function createRuleChanges(layers: RuleLayers, fingerprint: string, parts: ChangeParts): RuleChanges {
  const { store, texts, vocabulary } = parts;
  const inTurn = createTaskQueue();
  let current = layers;
  let known = fingerprint;
  const put = async (next: RuleLayers, change: Partial<RulesChange>): Promise<RuleSet> => {
    const rules = rulesInForce(next);
    await settleWindows(rules, { next, change }, parts);
    const layer = next.files === current.files ? "temporary" : "files";
    current = next;
    // A change of the temporary layer mends no file.
    store.replace(rules, layer === "files" ? [] : store.problems());
    parts.onChanged(layer, { kind: "ok", rules });
    return rules;
  };
  const make = async (change: RulesChange): Promise<Changed> => {
    const { edits = [], temporary = current.temporary } = change;
    if (edits.length === 0) return { kind: "ok", rules: await put({ ...current, temporary }, change) };
    if (texts === undefined) return NO_FILES;
    const written = await writeEdits(edits, { texts, vocabulary });
    if (written.kind !== "ok") return written;
    const rules = await put({ temporary, files: written.rules }, change);
    known = written.fingerprint;
    return { kind: "ok", rules };
  };
  return {
    apply: (decide) =>
      inTurn(async () => {
        const decided = await decide(current);
        return isChange(decided) ? await make(decided) : decided;
      }),
    layers: () => current,
    inTurn,
    isKnown: (one) => one === known,
    async takeFiles(loaded) {
      if (loaded.kind === "ok") await put({ ...current, files: loaded.rules }, {});
      else {
        store.reject(loaded.problems);
        parts.onChanged("files", loaded);
      }
      known = loaded.fingerprint;
    },
  };
}

const NO_FILES: WriteFailure = {
  kind: "conflict",
  error: "this proxy has no rules files to write to: start it with `--rules` or `rulesPath`",
  problems: [],
};

/** The ledger is told before the store swaps the rules in: it opens the windows of new ones. */
async function settleWindows(
  { rules }: RuleSet,
  { next, change }: { readonly next: RuleLayers; readonly change: Partial<RulesChange> },
  { store, ledger, clock }: ChangeParts,
): Promise<void> {
  const { beginsAnew, stops } = change;
  const before = new Set(
    beginsAnew === undefined
      ? []
      : store
          .current()
          .rules.filter(isActive)
          .map((rule) => rule.identity),
  );
  await ledger.retain(rulesOfBoth(next), clock.steady());
  for (const rule of rules) {
    if (!isActive(rule)) continue;
    if (before.has(rule.identity) && beginsAnew?.(rule)) await ledger.rearm(rule, clock.steady());
    if (stops?.(rule)) await ledger.stop(rule.identity, clock.steady());
  }
}

function isChange(decided: { readonly kind: string }): decided is RulesChange {
  return decided.kind === "change";
}

function isActive(rule: Rule): boolean {
  return rule.activation.active;
}
