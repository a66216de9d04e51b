/** All rules in force, sorted by what can be done with them: running, at rest, and those only the file changes. */
import type { JSX } from "preact";
import type { RulesAnswer } from "../../admin/api/views/answers.ts";
import type { RuleView } from "../../admin/api/views/rule-view.ts";
import { counted } from "../format.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import type { Live } from "../use-live.ts";
import { useNow } from "../use-now.ts";
import { RuleCard } from "./rule-card.tsx";

export function RuleLists({ live }: { readonly live: Live }): JSX.Element {
  const { rules, reloadRules } = live;
  return (
    <div class="rule-lists">
      {rules.kind !== "known" && (
        <section aria-labelledby="rules-title">
          <h1 id="rules-title">Running</h1>
          <LoadedNote what="The rules" loaded={rules} onRetry={reloadRules} />
        </section>
      )}
      {rules.kind === "known" && <KnownRules answer={rules.value} aheadMs={rules.value.nowMs - rules.atMs} live={live} />}
    </div>
  );
}

interface KnownProps {
  readonly answer: RulesAnswer;
  /** Add to this machine's time to have the proxy's. */
  readonly aheadMs: number;
  readonly live: Live;
}

function KnownRules({ answer: { rules, total }, aheadMs, live }: KnownProps): JSX.Element {
  const nowMs = useNow() + aheadMs;
  const isRunning = (rule: RuleView): boolean => rule.phase === "running" && (rule.endsAtMs === undefined || rule.endsAtMs > nowMs);
  const running = rules.filter(isRunning);
  const resting = rules.filter((rule) => !isRunning(rule));
  const changeable = resting.filter((rule) => rule.simulation !== undefined || rule.phase !== "off");
  const others = resting.filter((rule) => !changeable.includes(rule));
  const list = (members: readonly RuleView[]): JSX.Element => (
    <ul class="rules">
      {members.map((rule) => (
        <RuleCard key={rule.name} rule={rule} nowMs={nowMs} isRunning={isRunning(rule)} onChange={live.reloadRules} />
      ))}
    </ul>
  );
  return (
    <>
      <section aria-labelledby="running-title">
        <h1 id="running-title">
          Running <span class="count">{running.length}</span>
        </h1>
        <LoadedNote what="The rules" loaded={live.rules} onRetry={live.reloadRules} />
        {running.length === 0 ? <NoneRunning shown={rules.length} total={total} /> : list(running)}
      </section>
      {changeable.length > 0 && (
        <section aria-labelledby="off-title">
          <h2 id="off-title">
            Not active <span class="count">{changeable.length}</span>
          </h2>
          {list(changeable)}
        </section>
      )}
      {total > rules.length && (
        <p class="faint">
          Only the first {counted(rules.length, "rule")} of {total.toLocaleString("en")} are shown.
        </p>
      )}
      {others.length > 0 && (
        <details class="other-rules">
          <summary>{counted(others.length, "other rule")} switched off, changed in the file only</summary>
          {list(others)}
        </details>
      )}
    </>
  );
}

/** Of the rules past the first ones nothing is known here. */
function NoneRunning({ shown, total }: { readonly shown: number; readonly total: number }): JSX.Element {
  return (
    <p class="empty-note">
      {total > shown ? `None of the first ${counted(shown, "rule")} is running.` : "No rule is running: calls are forwarded."}
    </p>
  );
}
