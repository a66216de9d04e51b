/** One rule: what it does, how long it still runs, how often it fired, and its buttons. */
import type { JSX } from "preact";
import type { RuleView } from "../../admin/api/views/rule-view.ts";
import { client } from "../client.ts";
import { countdown, counted } from "../format.ts";
import { withCode } from "../parts/problems-banner.tsx";
import { StatusChip } from "../parts/status-chip.tsx";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";

interface CardProps {
  readonly rule: RuleView;
  /** The proxy's time. */
  readonly nowMs: number;
  readonly isRunning: boolean;
  readonly onChange: () => void;
}

const EXTENSION = "30m";

/** Why a rule is not running; `running` means that its window has ended since the rules were read. */
const PHASES: Readonly<Record<RuleView["phase"], string>> = {
  off: "switched off",
  waiting: "not begun",
  running: "ended",
  ended: "ended",
  stopped: "stopped",
  spent: "used up",
};

export function RuleCard({ rule, nowMs, isRunning, onChange }: CardProps): JSX.Element {
  const action = useAction();
  const act = (work: () => Promise<unknown>) => (): void => void action.run(work).then(onChange);
  const canRearm = !isRunning && rule.phase !== "waiting" && (rule.simulation !== undefined || rule.phase !== "off");
  return (
    <li class={isRunning ? "rule running" : "rule"}>
      <Title rule={rule} />
      <p class="rule-state">
        {isRunning ? <Remaining rule={rule} nowMs={nowMs} /> : stateOf(rule)}
        <span class="faint"> · {counted(rule.firings, "firing")}</span>
      </p>
      <p class="actions">
        {isRunning && rule.endsAtMs !== undefined && (
          <button
            type="button"
            aria-label={`+30 min for ${rule.name}`}
            disabled={action.busy}
            onClick={act(() => client.extend(rule.name, EXTENSION))}
          >
            +30 min
          </button>
        )}
        {isRunning && (
          <button
            type="button"
            class="stop"
            aria-label={`Stop ${rule.name}`}
            disabled={action.busy}
            onClick={act(() => client.stop(rule.name))}
          >
            Stop
          </button>
        )}
        {canRearm && (
          <button type="button" aria-label={`Re-arm ${rule.name}`} disabled={action.busy} onClick={act(() => client.rearm(rule.name))}>
            Re-arm
          </button>
        )}
      </p>
      {rule.simulation === undefined && <Meaning rule={rule} />}
      {rule.phase === "stopped" && (
        <p class="rule-note small">
          Stopped here until it is re-armed; {fileName(rule.file)}:{rule.line} still has <code>active: true</code>.
        </p>
      )}
      {isRunning && rule.shadowedBy !== undefined && (
        <p class="trouble">
          It cannot act: <code>{rule.shadowedBy}</code> comes first and takes every call.
        </p>
      )}
      <TroubleNote trouble={action.trouble} />
    </li>
  );
}

function stateOf({ phase, startsAtMs }: RuleView): string {
  return phase === "waiting" && startsAtMs !== undefined ? `begins ${new Date(startsAtMs).toLocaleString()}` : PHASES[phase];
}

function Title({ rule }: { readonly rule: RuleView }): JSX.Element {
  const { simulation, name } = rule;
  return (
    <h3>
      {simulation === undefined ? (
        name
      ) : (
        <>
          <span class="api">{simulation.operation}</span> <span class="arrow">answers</span> <code>{simulation.code}</code>{" "}
          <StatusChip status={simulation.status} />
        </>
      )}
      <span class="place faint">
        {simulation === undefined ? "" : `${name} · `}
        {fileName(rule.file)}:{rule.line}
      </span>
    </h3>
  );
}

function Remaining({ rule, nowMs }: { readonly rule: RuleView; readonly nowMs: number }): JSX.Element {
  const { startsAtMs, endsAtMs } = rule;
  if (startsAtMs === undefined || endsAtMs === undefined) return <span class="time">until switched off</span>;
  // The clocks of browser and proxy may differ by a second.
  const left = Math.min(endsAtMs - nowMs, endsAtMs - startsAtMs);
  return (
    <>
      <span class="time" role="timer" aria-label={`${Math.ceil(left / 60_000)} minutes left`}>
        {countdown(left)}
      </span>{" "}
      <progress aria-label="time left" max={endsAtMs - startsAtMs} value={left} />
    </>
  );
}

/** What a rule says that the page cannot write itself. */
function Meaning({ rule }: { readonly rule: RuleView }): JSX.Element {
  const target = rule.operations === undefined ? "any API" : rule.operations.join(", ");
  return (
    <div class="meaning small">
      {rule.description !== undefined && <p>{rule.description}</p>}
      <ul>
        <li>
          for <code>{target}</code>
          {rule.conditions.map((condition) => (
            <span key={condition}>, {withCode(condition)}</span>
          ))}
        </li>
        {rule.effects.map((effect, at) => (
          <li key={`${at} ${effect}`}>
            {rule.effects.length > 1 ? `step ${at + 1}: ` : ""}
            {withCode(effect)}
          </li>
        ))}
        {rule.schedule.length > 0 && <li>{rule.schedule.join(", ")}</li>}
      </ul>
    </div>
  );
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
