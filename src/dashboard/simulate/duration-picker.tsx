/** How long a simulation lasts: the four lengths of Antom's page, no end, or a length typed. */
import type { JSX } from "preact";

interface DurationProps {
  /** As in a rules file; empty: until switched off. */
  readonly chosen: string;
  readonly onChoose: (duration: string) => void;
}

/** In minutes, as there. */
const LENGTHS = [
  ["30m", "30"],
  ["1h", "60"],
  ["1h30m", "90"],
  ["2h", "120"],
] as const;

export function DurationPicker({ chosen, onChoose }: DurationProps): JSX.Element {
  return (
    <fieldset class="field duration">
      <legend>For how many minutes</legend>
      <div class="segments">
        {LENGTHS.map(([value, label]) => (
          <label key={value} class="segment">
            <input type="radio" name="duration" value={value} checked={chosen === value} onChange={() => onChoose(value)} />
            <span>
              {label} <small>min</small>
            </span>
          </label>
        ))}
        <label class="segment">
          <input type="radio" name="duration" value="" checked={chosen === ""} onChange={() => onChoose("")} />
          <span>no end</span>
        </label>
      </div>
      <label for="duration">or</label>
      <input
        id="duration"
        aria-label="or a length of your own, such as 45m; empty: until switched off"
        placeholder="45m"
        pattern="(\d+(\.\d+)?(ms|s|m|h|d))+"
        title="45s, 10m, 1h30m; empty: until switched off"
        size={8}
        value={chosen}
        onInput={(event) => onChoose(event.currentTarget.value.trim())}
      />
    </fieldset>
  );
}
