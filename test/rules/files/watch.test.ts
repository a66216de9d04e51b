import { mkdir, open, rename, rm, stat, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { systemClock } from "../../../src/base/machine-clock.ts";
import { createTaskQueue } from "../../../src/base/task-queue.ts";
import { type Loaded, loadRules } from "../../../src/rules/files/load.ts";
import { type RulesWatch, type WatchOptions, watchRules } from "../../../src/rules/files/watch.ts";
import { datesOf } from "../../../src/rules/files/watch-folder.ts";

/** Real files, real events: the promise is to be effective within 300 ms; a busy machine is given more. */
const PATIENCE_MS = 5000;

const rule = (name: string): string => `rules:\n  - {name: ${name}, api: pay, abort: reset}\n`;

interface Watched {
  readonly watch: RulesWatch;
  readonly loads: Loaded[];
  /** Resolves with the names in force once they are `names`, or with what was loaded last. */
  until(names: string): Promise<string>;
}

function namesOf(loaded: Loaded | undefined): string {
  if (loaded === undefined) return "nothing";
  return loaded.kind === "bad" ? `bad: ${loaded.problems[0]?.message}` : loaded.rules.rules.map((one) => one.name).join(" ");
}

/** Knows the fingerprint of what `take` took last, `first` before. */
function keeping(first: string, take: (loaded: Loaded) => void | Promise<void>): Pick<WatchOptions, "isKnown" | "onLoad"> {
  let known = first;
  return {
    isKnown: (fingerprint) => fingerprint === known,
    async onLoad(loaded) {
      await take(loaded);
      known = loaded.fingerprint;
    },
  };
}

async function watched(t: Test, path: string): Promise<Watched> {
  const loads: Loaded[] = [];
  const first = await loadRules(path, vocabulary);
  const watch = await watchRules({
    path,
    vocabulary,
    clock: systemClock,
    inTurn: createTaskQueue(),
    ...keeping(first.fingerprint, (loaded) => void loads.push(loaded)),
  });
  t.teardown(() => watch.close());
  const until = async (names: string): Promise<string> => {
    const endsAt = Date.now() + PATIENCE_MS;
    while (namesOf(loads.at(-1)) !== names && Date.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 10));
    return namesOf(loads.at(-1));
  };
  return { watch, loads, until };
}

/** Long enough for anything that is coming to have come. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 600));

t.test("a file saved by truncating and writing", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { until, loads } = await watched(t, folder);
  const handle = await open(join(folder, "a.yaml"), "w");
  await new Promise((resolve) => setTimeout(resolve, 60));
  await handle.write(rule("b"));
  await handle.close();
  t.equal(await until("b"), "b");
  t.same(loads.map(namesOf), ["b"], "the empty file in between is not taken for no rules");
});

for (const alone of [false, true]) {
  t.test(`a file saved by renaming another over it, ${alone ? "watched alone" : "in a folder"}`, async (t) => {
    const folder = t.testdir({ "a.yaml": rule("a") });
    const { until } = await watched(t, alone ? join(folder, "a.yaml") : folder);
    for (const name of ["b", "c"]) {
      await writeFile(join(folder, ".a.yaml.tmp"), rule(name));
      await rename(join(folder, ".a.yaml.tmp"), join(folder, "a.yaml"));
      t.equal(await until(name), name);
    }
  });
}

t.test("a ConfigMap as Kubernetes swaps it", async (t) => {
  const folder = t.testdir({ "..1": { "rules.yaml": rule("a") } });
  await symlink("..1", join(folder, "..data"));
  await symlink("..data/rules.yaml", join(folder, "rules.yaml"));
  for (const path of [folder, join(folder, "rules.yaml")]) {
    const { until } = await watched(t, path);
    const next = path === folder ? "b" : "c";
    await mkdir(join(folder, `..${next}`));
    await writeFile(join(folder, `..${next}`, "rules.yaml"), rule(next));
    await symlink(`..${next}`, join(folder, "..data_tmp"));
    await rename(join(folder, "..data_tmp"), join(folder, "..data"));
    t.equal(await until(next), next);
  }
});

t.test("files that come and go", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { until } = await watched(t, folder);
  await writeFile(join(folder, "b.yaml"), rule("b"));
  t.equal(await until("a b"), "a b");
  await unlink(join(folder, "a.yaml"));
  t.equal(await until("b"), "b");
  await writeFile(join(folder, "a.yaml"), rule("c"));
  t.equal(await until("c b"), "c b");
});

t.test("a half-written file is a problem, then good again", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { until, loads } = await watched(t, folder);
  await writeFile(join(folder, "a.yaml"), "rules:\n  - {name: b, api: pa");
  while (loads.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  t.match(namesOf(loads[0]), /^bad: /);
  await writeFile(join(folder, "a.yaml"), rule("b"));
  t.equal(await until("b"), "b");
});

t.test("a file or folder that vanishes is a problem, and its return is seen", async (t) => {
  const folder = t.testdir({ rules: { "a.yaml": rule("a") } });
  for (const path of [join(folder, "rules"), join(folder, "rules", "a.yaml")]) {
    const { until } = await watched(t, path);
    await rm(path, { recursive: true });
    t.match(await until("bad: file or folder not found"), /^bad: file or folder not found/);
    if (path.endsWith("rules")) await mkdir(path);
    await writeFile(join(folder, "rules", "a.yaml"), rule("b"));
    t.equal(await until("b"), "b");
    await writeFile(join(folder, "rules", "a.yaml"), rule("a"));
    t.equal(await until("a"), "a", "and so are later changes");
  }
});

t.test("the same content, and files that hold no rules, are no reload", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { loads } = await watched(t, folder);
  await writeFile(join(folder, "a.yaml"), rule("a"));
  await writeFile(join(folder, "a.yaml~"), rule("b"));
  await writeFile(join(folder, "notes.txt"), "x");
  await settle();
  t.same(loads.map(namesOf), []);
});

t.test("a burst of writes is one reload, of the last of them", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { loads, until } = await watched(t, folder);
  for (let write = 1; write <= 5; write += 1) {
    await writeFile(join(folder, "a.yaml"), rule(`w${write}`));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  t.equal(await until("w5"), "w5");
  await settle();
  t.ok(loads.length <= 2, loads.map(namesOf).join(", "));
});

t.test("a check on demand needs no event, and none is told twice", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { loads, watch } = await watched(t, folder);
  await writeFile(join(folder, "a.yaml"), rule("b"));
  await watch.check();
  t.same(loads.map(namesOf), ["b"]);
  await settle();
  t.same(loads.map(namesOf), ["b"]);
});

t.test("a change between the first load and the watch is not missed", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const loads: Loaded[] = [];
  const watch = await watchRules({
    path: folder,
    vocabulary,
    clock: systemClock,
    inTurn: createTaskQueue(),
    ...keeping("of something older", (loaded) => void loads.push(loaded)),
  });
  t.teardown(() => watch.close());
  await settle();
  t.same(loads.map(namesOf), ["a"]);
});

t.test("once closed nothing is handed over any more", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { loads, watch } = await watched(t, folder);
  await writeFile(join(folder, "a.yaml"), rule("b"));
  await watch.close();
  await settle();
  t.same(loads.map(namesOf), []);
});

t.test("content whose taking fails once is handed over again, and is reported; a check rejects meanwhile", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const first = await loadRules(folder, vocabulary);
  const [taken, errors]: [string[], unknown[]] = [[], []];
  let fails = 2;
  const watch = await watchRules({
    path: folder,
    vocabulary,
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal) },
    inTurn: createTaskQueue(),
    onError: (error) => errors.push(error),
    ...keeping(first.fingerprint, async (loaded) => {
      fails -= 1;
      if (fails >= 0) throw new Error("no room");
      taken.push(namesOf(loaded));
    }),
  });
  t.teardown(() => watch.close());
  await writeFile(join(folder, "a.yaml"), rule("b"));
  await t.rejects(watch.check(), /no room/);
  while (taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  t.same(taken, ["b"]);
  t.match(errors, [{ message: "no room" }, { message: "no room" }]);
});

t.test("an edit that keeps size, inode and modification time changes what a glance sees", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const file = join(folder, "a.yaml");
  const { atime, mtime, ino, size } = await stat(file);
  const before = await datesOf(folder, () => true);
  const handle = await open(file, "r+");
  await handle.write(rule("b"));
  await handle.close();
  await utimes(file, atime, mtime);
  t.match(await stat(file), { ino, size });
  t.not((await datesOf(folder, () => true)).text, before.text);
});
