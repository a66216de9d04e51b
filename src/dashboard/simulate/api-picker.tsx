/** Finds one of the catalogue's APIs: a combobox with a grouped list, by mouse or keyboard (WAI-ARIA combobox pattern). */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OperationsAnswer } from "../../admin/api/views/answers.ts";
import { groupsOf, matching } from "./match-operations.ts";

type Operations = OperationsAnswer["operations"];

interface PickerProps {
  readonly operations: Operations;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

export function ApiPicker(props: PickerProps): JSX.Element {
  const { text, found, active, isOpen, open, type, pick, close, press } = usePicker(props);
  return (
    <div class="field picker">
      <label for="api">API</label>
      <input
        id="api"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls="api-list"
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `api-${found[active]?.name ?? ""}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text ?? props.chosen}
        placeholder={`Search ${props.operations.length} APIs`}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => !isOpen && open()}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={close}
      />
      {isOpen && <Options found={found} active={active} onPick={pick} />}
    </div>
  );
}

interface Picker {
  /** What was typed; undefined while the list is closed. */
  readonly text: string | undefined;
  readonly isOpen: boolean;
  readonly found: Operations;
  /** Index in `found` of what Enter picks. */
  readonly active: number;
  readonly open: () => void;
  readonly type: (typed: string) => void;
  readonly pick: (name: string | undefined) => void;
  readonly close: () => void;
  readonly press: (event: KeyboardEvent) => void;
}

function usePicker({ operations, chosen, onChoose }: PickerProps): Picker {
  const [text, setText] = useState<string | undefined>();
  const [active, setActive] = useState(0);
  const isOpen = text !== undefined;
  const found = matching(operations, text ?? "");
  const close = (): void => setText(undefined);
  const pick = (name: string | undefined): void => {
    if (name !== undefined) onChoose(name);
    close();
  };
  const show = (typed: string, index: number): void => {
    setText(typed);
    setActive(index);
  };
  /** With the API that is chosen active, so that Enter changes nothing. */
  const open = (): void => show("", Math.max(0, indexOf(matching(operations, ""), chosen)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => (isOpen ? setActive(Math.min(active + 1, found.length - 1)) : open()),
    ArrowUp: () => setActive(Math.max(active - 1, 0)),
    Enter: () => (isOpen ? pick(found[active]?.name) : open()),
    Escape: close,
  };
  const press = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return { text, isOpen, found, active, open, type: (typed) => show(typed, 0), pick, close, press };
}

function indexOf(operations: Operations, name: string): number {
  return operations.findIndex((operation) => operation.name === name);
}

interface OptionsProps {
  readonly found: Operations;
  readonly active: number;
  readonly onPick: (name: string) => void;
}

function Options({ found, active, onPick }: OptionsProps): JSX.Element {
  const current = useRef<HTMLDivElement>(null);
  useEffect(() => current.current?.scrollIntoView({ block: "nearest" }), [active]);
  if (found.length === 0) return <p class="options empty">No API of that name</p>;
  return (
    // Focus stays in the input: `mousedown` would take it away and close the list before the click.
    <div id="api-list" class="options" role="listbox" aria-label="APIs" tabIndex={-1} onMouseDown={(event) => event.preventDefault()}>
      {groupsOf(found).map(({ group, operations }) => (
        // biome-ignore lint/a11y/useSemanticElements: a listbox may hold groups, not field sets
        <div key={group} role="group" aria-label={group}>
          <p class="group" aria-hidden="true">
            {group}
          </p>
          {operations.map((operation) => (
            <div
              key={operation.name}
              id={`api-${operation.name}`}
              ref={found[active] === operation ? current : null}
              role="option"
              tabIndex={-1}
              aria-selected={found[active] === operation}
              onClick={() => onPick(operation.name)}
              onKeyDown={() => undefined}
            >
              {operation.name} <span class="faint">{operation.known === "none" ? "common codes" : `${operation.codes} codes`}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
