import { mkdir, readdir, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { openStateFile, type StateFile } from "../../../src/ledger/memory/state-file.ts";
import type { SavedState } from "../../../src/ledger/saved-state.ts";
import { createFakeClock } from "../../helpers/fake-clock.ts";

const STATE: SavedState = {
  version: 1,
  atMs: 5,
  rules: [{ identity: "a@1", startsAtMs: 1, firings: 2, tallies: [["R1", 3, 2]] }],
  payments: [["P1", "R1"]],
};

async function opened(
  path: string,
): Promise<{ file: StateFile; clock: ReturnType<typeof createFakeClock>; warnings: string[]; writes: () => number }> {
  const clock = createFakeClock();
  const warnings: string[] = [];
  let writes = 0;
  const file = await openStateFile({ path, clock, warn: (message) => warnings.push(message) });
  file.bind(() => {
    writes += 1;
    return STATE;
  });
  return { file, clock, warnings, writes: () => writes };
}

t.test("a first start has no state and no warning", async (t) => {
  const { file, warnings } = await opened(join(t.testdir(), "state.json"));
  t.equal(file.saved, undefined);
  t.same(warnings, []);
  await file.close();
});

t.test("what was saved is there after a restart, for its owner only", async (t) => {
  const path = join(t.testdir(), "deep", "state.json");
  const { file } = await opened(path);
  file.schedule();
  await file.close();
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.same(await readdir(join(path, "..")), ["state.json"], "no temporary file stays behind");
  t.same((await opened(path)).file.saved, STATE);
});

t.test("it is written at most once a second, and what is new at the end is not lost", async (t) => {
  const { file, clock, writes } = await opened(join(t.testdir(), "state.json"));
  for (let change = 0; change < 100; change += 1) file.schedule();
  t.equal(writes(), 0);
  await clock.advance(999);
  t.equal(writes(), 0);
  await clock.advance(1);
  t.equal(writes(), 1);
  file.schedule();
  await file.close();
  t.equal(writes(), 2);
  file.schedule();
  await clock.advance(5000);
  t.equal(writes(), 2, "nothing is written after the end");
});

t.test("nothing changed: nothing is written", async (t) => {
  const path = join(t.testdir(), "state.json");
  const { file, writes } = await opened(path);
  await file.close();
  t.equal(writes(), 0);
});

t.test("a file that does not load is moved aside and told of", async (t) => {
  for (const text of ["", '{"version":1', '{"version":99}', "\u0000\u0001"]) {
    const path = join(t.testdir({ "state.json": text }), "state.json");
    const { file, warnings } = await opened(path);
    t.equal(file.saved, undefined);
    t.match(warnings, [/^the state file `.*` does not load; it was moved to `.*\.unreadable`; windows and tallies begin anew$/]);
    t.equal(await readFile(`${path}.unreadable`, "utf8"), text);
    await file.close();
  }
});

t.test("trouble with the disk is told once, and heals", async (t) => {
  const folder = t.testdir({ blocked: "a file where a folder should be" });
  const path = join(folder, "blocked", "state.json");
  const { file, clock, warnings, writes } = await opened(path);
  warnings.length = 0;
  file.schedule();
  for (let second = 0; second < 3; second += 1) {
    await clock.advance(1000);
    // The next pause begins when the attempt is over.
    while (clock.sleeping() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  t.equal(writes(), 3);
  t.equal(warnings.length, 1, warnings.join("\n"));
  t.match(warnings[0], /cannot be written \(\w+\); windows and tallies would not survive a restart$/);
  await unlink(join(folder, "blocked"));
  await file.close();
  t.same(JSON.parse(await readFile(path, "utf8")), STATE);
});

t.test("a state file is replaced whole: readers never see half of it", async (t) => {
  const path = join(t.testdir({ "state.json": JSON.stringify(STATE) }), "state.json");
  const before = (await stat(path)).ino;
  const { file } = await opened(path);
  file.schedule();
  await file.close();
  t.not((await stat(path)).ino, before);
});

t.test("an unreadable file is no reason not to start", async (t) => {
  const folder = t.testdir();
  await mkdir(join(folder, "state.json"));
  const { file, warnings } = await opened(join(folder, "state.json"));
  t.equal(file.saved, undefined);
  t.equal(warnings.length, 1);
  await file.close();
});
