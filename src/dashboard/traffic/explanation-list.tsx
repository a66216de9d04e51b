/** For each rule in force, why it would or would not act on the call now. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client } from "../client.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { withCode } from "../parts/problems-banner.tsx";
import { known, useLoaded } from "../parts/use-loaded.ts";

const WORDS = { acts: "would act", shadowed: "comes too late", passes: "lets it pass" } as const;

/** Of many rules the first ones; all of them are a REST call away. */
const SHOWN = 50;

/** Folded until it is asked for: it tells nothing of what happened to the call. */
export function ExplanationList({ id }: { readonly id: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="explanations" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What would happen now, by the rules in force</summary>
      {isOpen && <Explanations id={id} />}
    </details>
  );
}

function Explanations({ id }: { readonly id: string }): JSX.Element {
  const { loaded, reload } = useLoaded(() => client.explain(id), { key: id });
  const rules = known(loaded)?.rules ?? [];
  return (
    <>
      <LoadedNote what="The rules’ view of this call" verb="is" loaded={loaded} onRetry={reload} />
      {loaded.kind === "known" && rules.length === 0 && <p class="faint">There are no rules.</p>}
      <ul>
        {rules.slice(0, SHOWN).map((one) => (
          <li key={one.identity} class={one.verdict}>
            <b>{one.rule}</b> <span class="verdict">{WORDS[one.verdict]}</span>: {withCode(one.because)}
          </li>
        ))}
      </ul>
      {rules.length > SHOWN && <p class="faint">and {rules.length - SHOWN} more rules</p>}
    </>
  );
}
