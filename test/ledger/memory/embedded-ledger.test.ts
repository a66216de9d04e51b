import t from "tap";
import { correlation } from "../../../src/antom/correlation.ts";
import { createLedger } from "../../../src/ledger/memory/embedded-ledger.ts";
import { readSavedState } from "../../../src/ledger/saved-state.ts";
import { createFakeClock } from "../../helpers/fake-clock.ts";
import { ledgerSuite } from "../../helpers/ledger-suite.ts";
import { START_MS } from "../../helpers/rules.ts";

t.test("the embedded ledger", async (t) => {
  await ledgerSuite(t, async (seed = "seed") => {
    const wallMs = START_MS + 12_345_678;
    const clock = createFakeClock(wallMs, wallMs - START_MS);
    const ledger = createLedger({ correlation, seed, clock });
    const restart = async (): Promise<typeof ledger> =>
      createLedger({ correlation, seed, clock, saved: readSavedState(JSON.stringify(ledger.snapshot(START_MS))) });
    return { ledger, restart, wallMs };
  });
});
