import t from "tap";
import { createLedger } from "../../src/rules/embedded-ledger.ts";
import { readSavedState } from "../../src/rules/saved-state.ts";
import { ledgerSuite } from "../helpers/ledger-suite.ts";
import { START_MS } from "../helpers/rules.ts";

t.test("the embedded ledger", async (t) => {
  await ledgerSuite(t, async (seed = "seed") => {
    const ledger = createLedger({ seed });
    const restart = async (): Promise<typeof ledger> =>
      createLedger({ seed, saved: readSavedState(JSON.stringify(ledger.snapshot(START_MS))) });
    return { ledger, restart };
  });
});
