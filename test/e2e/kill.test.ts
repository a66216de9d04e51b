import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { readSavedState } from "../../src/ledger/saved-state.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { projectRoot, startProgram } from "../helpers/program.ts";

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "kill-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

t.test("a state file that is written without a break loads after SIGKILL at any moment, and is one of those written", async (t) => {
  const folder = folderOf(t);
  const path = join(folder, "state.json");
  const module = pathToFileURL(join(projectRoot, "dist", "base", "write-whole.js")).href;
  const writer = `
    const { writeWhole } = await import(${JSON.stringify(module)});
    for (let atMs = 1; ; atMs += 1) {
      const tallies = Array.from({ length: 5000 }, (_, index) => ["R" + index, atMs, atMs]);
      const rules = [{ identity: "a@1", startsAtMs: 0, firings: atMs, tallies }];
      await writeWhole(${JSON.stringify(path)}, JSON.stringify({ version: 1, atMs, rules, payments: [] }), 0o600);
      if (atMs === 1) process.stdout.write("x");
    }`;
  for (let round = 0; round < 12; round += 1) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", writer], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await pause(Math.random() * 40);
    child.kill("SIGKILL");
    await once(child, "exit");
    const saved = readSavedState(readFileSync(path, "utf8"));
    t.equal(saved?.rules[0]?.tallies.length, 5000);
    t.equal(saved?.rules[0]?.firings, saved?.atMs, "whole, not a mixture");
  }
});

t.test("SIGKILL while calls are counted: the next start knows all but the last second, and leaves nothing behind", async (t) => {
  const folder = folderOf(t);
  const rules = join(folder, "rules");
  mkdirSync(rules);
  writeFileSync(join(rules, "rules.yaml"), "rules:\n  - {name: a, api: pay, result: RISK_REJECT, times: 100000, duration: 1h}\n");
  const merchant = createMerchant();
  let fired = 0;
  let startsAtMs: number | undefined;
  for (let round = 0; round < 3; round += 1) {
    const program = await startProgram({ folder });
    t.teardown(() => program.stop("SIGKILL"));
    for (const endMs = Date.now() + 1300 + Math.random() * 600; Date.now() < endMs; fired += 1) {
      const { json } = await merchant.call(program.url, "pay", payBody());
      if (json.result.resultCode !== "RISK_REJECT") t.fail(json.result.resultCode);
    }
    const counted = fired;
    await program.stop("SIGKILL");
    const saved = readSavedState(readFileSync(join(folder, "data", "state.json"), "utf8"));
    const [rule] = saved?.rules ?? [];
    t.ok(rule !== undefined && rule.firings > 0 && rule.firings <= counted, `${rule?.firings} of ${counted}`);
    startsAtMs ??= rule?.startsAtMs;
    // Lengths are kept on the steady clock, so its start is told anew by each process, to a few milliseconds; a new window would be seconds later.
    const movedMs = Math.abs((rule?.startsAtMs ?? Number.NaN) - (startsAtMs ?? Number.NaN));
    t.ok(movedMs < 50, `the window is the first one's: it moved by ${movedMs} ms`);
    fired = rule?.firings ?? 0;
  }
  writeFileSync(join(folder, "data", "state.json.0123abcd.tmp"), "half");
  const program = await startProgram({ folder });
  t.notOk(
    program.lines().some((line) => line["level"] === "warn" || line["level"] === "error"),
    "no word of a file that does not load",
  );
  t.equal(await program.stop(), 0);
  t.same(
    readdirSync(join(folder, "data")).filter((name) => name.endsWith(".tmp")),
    [],
    "what a killed writer left is removed",
  );
});
