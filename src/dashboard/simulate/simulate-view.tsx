/** Simulate: what Antom's "Error scenario simulation" offers, and all rules in force. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OperationsAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import type { Live } from "../use-live.ts";
import { ArmForm } from "./arm-form.tsx";
import { RuleLists } from "./rule-lists.tsx";

interface SimulateProps {
  readonly live: Live;
  readonly rulesFile: string | undefined;
}

export function SimulateView({ live, rulesFile }: SimulateProps): JSX.Element {
  const [catalogue, setCatalogue] = useState<OperationsAnswer | undefined>();
  useEffect(() => {
    client.operations().then(setCatalogue, () => undefined);
  }, [live.connected]);
  return (
    <div class="simulate">
      <section class="card" aria-labelledby="arm-title">
        <h1 id="arm-title">New simulation</h1>
        {catalogue === undefined ? <p class="faint">Loading…</p> : <ArmForm operations={catalogue.operations} onArmed={live.reloadRules} />}
        <p class="faint small">
          Written to <code>{rulesFile ?? "the rules file"}</code>, comments kept. Result codes as of {catalogue?.date ?? "…"}.
        </p>
      </section>
      <RuleLists live={live} />
    </div>
  );
}
