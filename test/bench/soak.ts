/** `npm run soak -- --minutes N`: half the maximum rate for N minutes (10 unless given), with reloads, faults and restarts. Exit code 1 when it fails. */
import { parseArgs } from "node:util";
import { makeBenchFolder } from "./bench-folder.ts";
import { runSoak } from "./soak/run-soak.ts";

const CYCLE_SECONDS = 10;
const CONNECTIONS = 32;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error("--minutes wants a number above 0");
process.exitCode = await main();

async function main(): Promise<number> {
  const folder = makeBenchFolder();
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const cycleSeconds = Math.min(CYCLE_SECONDS, minutes * 60);
    const wrong = await runSoak({ folder, seconds: minutes * 60, cycleSeconds, connections: CONNECTIONS, tell });
    tell(
      wrong.length === 0 ? "passed: no leak, no stuck socket, no failed call that no fault asked for" : `FAILED\n  ${wrong.join("\n  ")}`,
    );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    folder.remove();
  }
}
