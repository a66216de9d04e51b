/** A rule made of a call, to change and to write into the rules file. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client.ts";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";

interface DialogProps {
  readonly yaml: string;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

export function RuleDialog({ yaml, onClose, onAdded }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(yaml);
  const action = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await action.run(() => client.addRule(text)))) return;
    onAdded();
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="card" aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={(event) => void add(event)}>
        <h2 id="dialog-title">A rule for calls like this one</h2>
        <label for="rule-yaml">YAML of the rule; it is put before all others</label>
        <textarea id="rule-yaml" rows={12} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <TroubleNote trouble={action.trouble} />
        <p class="actions end">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={action.busy}>
            Write it
          </button>
        </p>
      </form>
    </dialog>
  );
}
