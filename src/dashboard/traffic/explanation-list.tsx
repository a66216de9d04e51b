/** For each rule in force, why it would or would not act on the call now. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ExplainAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import { withCode } from "../parts/problems-banner.tsx";

const WORDS = { acts: "would act", shadowed: "comes too late", passes: "lets it pass" } as const;

/** Of many rules the first ones; all of them are a REST call away. */
const SHOWN = 50;

export function ExplanationList({ id }: { readonly id: string }): JSX.Element | null {
  const [answer, setAnswer] = useState<ExplainAnswer | undefined>();
  useEffect(() => {
    client.explain(id).then(setAnswer, () => undefined);
  }, [id]);
  if (answer === undefined) return null;
  const left = answer.rules.length - SHOWN;
  return (
    <section class="explanations">
      <h3>Why: the rules and this call, as things stand now</h3>
      {answer.rules.length === 0 && <p class="faint">There are no rules.</p>}
      <ul>
        {answer.rules.slice(0, SHOWN).map((one) => (
          <li key={one.rule} class={one.verdict}>
            <b>{one.rule}</b> <span class="verdict">{WORDS[one.verdict]}</span>: {withCode(one.because)}
          </li>
        ))}
      </ul>
      {left > 0 && <p class="faint">and {left} more rules</p>}
    </section>
  );
}
