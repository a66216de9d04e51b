/** Simulate: what Antom's "Error scenario simulation" offers, and all rules in force. */

import type { JSX } from "preact";
import { client } from "../client.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { known, useLoaded } from "../parts/use-loaded.ts";
import type { Live } from "../use-live.ts";
import { ArmForm } from "./arm-form.tsx";
import { RuleLists } from "./rule-lists.tsx";

interface SimulateProps {
  readonly live: Live;
  readonly rulesFile: string | undefined;
}

export function SimulateView({ live, rulesFile }: SimulateProps): JSX.Element {
  const { loaded, reload } = useLoaded(client.operations, { again: live.connection === "lost" });
  const catalogue = known(loaded);
  return (
    <div class="simulate">
      <section class="card" aria-labelledby="arm-title">
        <h1 id="arm-title">New simulation</h1>
        <LoadedNote what="The APIs" loaded={loaded} onRetry={reload} />
        {catalogue !== undefined && <ArmForm operations={catalogue.operations} onArmed={live.reloadRules} />}
        <p class="faint small">
          Written to <code>{rulesFile ?? "the rules file"}</code>, comments kept.
          {catalogue !== undefined && ` Result codes as of ${catalogue.date}.`}
        </p>
      </section>
      <RuleLists live={live} />
    </div>
  );
}
