/** All rules in force, sorted by what can be done with them: running, switched off, and those only the file changes. */
import type { JSX } from "preact";
import type { RuleView } from "../../admin/api/views/rule-view.ts";
import { counted } from "../format.ts";
import type { Live } from "../use-live.ts";
import { useNow } from "../use-now.ts";
import { RuleCard } from "./rule-card.tsx";

export function RuleLists({ live }: { readonly live: Live }): JSX.Element {
  const nowMs = useNow() + live.clockOffsetMs;
  const rules = live.rules?.rules ?? [];
  const isRunning = (rule: RuleView): boolean => rule.phase === "running" && (rule.endsAtMs === undefined || rule.endsAtMs > nowMs);
  const running = rules.filter(isRunning);
  const resting = rules.filter((rule) => !isRunning(rule));
  const simulations = resting.filter((rule) => rule.simulation !== undefined);
  const others = resting.filter((rule) => rule.simulation === undefined);
  const list = (members: readonly RuleView[]): JSX.Element => (
    <ul class="rules">
      {members.map((rule) => (
        <RuleCard key={rule.name} rule={rule} nowMs={nowMs} isRunning={isRunning(rule)} onChange={live.reloadRules} />
      ))}
    </ul>
  );
  return (
    <div class="rule-lists">
      <section aria-labelledby="running-title">
        <h1 id="running-title">
          Running <span class="count">{running.length}</span>
        </h1>
        {running.length === 0 ? <p class="empty-note">Nothing is simulated: every call is forwarded.</p> : list(running)}
      </section>
      {simulations.length > 0 && (
        <section aria-labelledby="off-title">
          <h2 id="off-title">
            Switched off or ended <span class="count">{simulations.length}</span>
          </h2>
          {list(simulations)}
        </section>
      )}
      {live.rules !== undefined && live.rules.total > rules.length && (
        <p class="faint">
          Only the first {counted(rules.length, "rule")} of {live.rules.total.toLocaleString("en")} are shown.
        </p>
      )}
      {others.length > 0 && (
        <details class="other-rules">
          <summary>{counted(others.length, "other rule")} at rest, changed in the file only</summary>
          {list(others)}
        </details>
      )}
    </div>
  );
}
