/** All changes of the rules pass one queue: nothing of two writers is lost, the last good rules and the temporary layer stay. */
import t from "tap";
import { correlation } from "../../src/antom/correlation.ts";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { createLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import { createRuleChanges, type OnRulesChanged, type RulesChange } from "../../src/rules/change-rules.ts";
import { parseInSlices } from "../../src/rules/files/load.ts";
import { fingerprintOf } from "../../src/rules/files/read-files.ts";
import type { RuleTexts } from "../../src/rules/files/rule-texts.ts";
import { createRuleStore } from "../../src/rules/store.ts";
import { parseTemporary } from "../../src/rules/temporary-rules.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { rulesOf } from "../helpers/rules.ts";

const FILE = "rules.yaml";
const rule = (name: string, more = ""): string => `  - {name: ${name}, api: pay, abort: reset${more}}\n`;

/** One file that the test may write at each read. */
function createDisk(text: string) {
  const disk = { text, reads: 0, beforeRead: (_count: number): void => undefined };
  const read = async () => {
    disk.reads += 1;
    disk.beforeRead(disk.reads);
    const sources = [{ file: FILE, text: disk.text }];
    return { kind: "ok", sources, fingerprint: fingerprintOf(sources) } as const;
  };
  const texts: RuleTexts = {
    read,
    async write(_file, written) {
      disk.text = written;
    },
    home: FILE,
  };
  return { disk, texts };
}

function changing(text: string, changes: { readonly withoutFiles?: boolean; readonly ledger?: object } = {}) {
  const clock = createFakeClock(0);
  const { disk, texts } = createDisk(text);
  const files = rulesOf(text);
  const store = createRuleStore(files);
  const ledger = { ...createLedger({ correlation, seed: "s", clock }), ...changes.ledger };
  const told: string[] = [];
  const onChanged: OnRulesChanged = (layer, parsed) => void told.push(`${layer} ${parsed.kind}`);
  const fingerprint = fingerprintOf([{ file: FILE, text }]);
  const rules = createRuleChanges({ temporary: [], files }, fingerprint, {
    ...{ store, ledger, clock, vocabulary, onChanged },
    texts: changes.withoutFiles === true ? undefined : texts,
  });
  const names = (): string =>
    store
      .current()
      .rules.map((one) => `${one.layer === "temporary" ? "~" : ""}${one.name}`)
      .join(" ");
  const add = (name: string) =>
    rules.apply(
      (): RulesChange => ({ kind: "change", edits: [{ file: FILE, edit: { kind: "add", rule: { name, api: "pay", abort: "reset" } } }] }),
    );
  const addTemporary = (name: string) =>
    rules.apply(async (layers): Promise<RulesChange> => {
      const parsed = await parseTemporary({ file: "t", text: `rules:\n${rule(name)}` }, vocabulary);
      return { kind: "change", temporary: [...(parsed.kind === "ok" ? parsed.temporary : []), ...layers.temporary] };
    });
  /** What the watcher does. */
  const reload = () =>
    rules.inTurn(async () => {
      const read = await texts.read();
      if (rules.isKnown(read.fingerprint)) return;
      await rules.takeFiles(
        read.kind === "bad" ? read : { ...(await parseInSlices(read.sources, vocabulary)), fingerprint: read.fingerprint },
      );
    });
  return { ...rules, store, ledger, disk, names, add, addTemporary, reload, told };
}

t.test("changes of all callers that come at once are all in force, in the order in which they were asked for", async (t) => {
  const { add, addTemporary, reload, names, disk } = changing(`rules:\n${rule("a")}`);
  await Promise.all([add("b"), addTemporary("x"), reload(), add("c"), addTemporary("y")]);
  t.equal(names(), "~y ~x c b a");
  t.match(disk.text, /name: c[\s\S]*name: b[\s\S]*name: a/);
});

t.test("a person who saves while the page edits loses nothing, and neither does the page", async (t) => {
  const { add, names, disk } = changing(`rules:\n${rule("a")}`);
  disk.beforeRead = (count) => {
    if (count === 2) disk.text += rule("by-hand");
  };
  t.match(await add("b"), { kind: "ok" });
  t.equal(names(), "b a by-hand");
});

t.test("an edit gives up when the files never keep still, and when they would not load; the last good rules stay", async (t) => {
  const { add, names, disk, store } = changing(`rules:\n${rule("a")}`);
  disk.beforeRead = (count) => {
    disk.text = `rules:\n${rule(`by-hand-${count}`)}`;
  };
  t.match(await add("b"), { kind: "conflict", error: /keep changing.*nothing was written/ });
  disk.beforeRead = () => undefined;
  t.match(await add("by-hand-6"), { kind: "unparsable", problems: [{ message: /`by-hand-6` is taken/ }] });
  t.notMatch(disk.text, /name: b,/);
  t.equal(names(), "a");
  t.same(store.problems(), [], "the problems are those of the caller");
});

t.test("what the page wrote is not parsed again by a reload, and what a person wrote is", async (t) => {
  const { add, reload, names, disk, told } = changing(`rules:\n${rule("a")}`);
  await add("b");
  await reload();
  t.same(told, ["files ok"]);
  disk.text = `rules:\n${rule("c")}`;
  await reload();
  t.equal(names(), "c");
  t.same(told, ["files ok", "files ok"]);
});

t.test("the temporary layer outlives a reload and a rejected file, and changes of it clear no problem of the files", async (t) => {
  const { addTemporary, reload, names, disk, store, told } = changing(`rules:\n${rule("a")}`);
  await addTemporary("x");
  disk.text = `rules:\n${rule("b")}`;
  await reload();
  t.equal(names(), "~x b");
  disk.text = "rules: 5\n";
  await reload();
  await addTemporary("y");
  t.equal(names(), "~y ~x b");
  t.equal(store.problems().length, 1);
  disk.text = `rules:\n${rule("c")}`;
  await reload();
  t.equal(names(), "~y ~x c");
  t.equal(store.problems().length, 0);
  t.same(told, ["temporary ok", "files ok", "files bad", "temporary ok", "files ok"]);
});

t.test("windows and tallies of a hidden rule run on, and those of rules that begin anew start again", async (t) => {
  const { addTemporary, apply, names, store, ledger } = changing(`rules:\n${rule("a", ", times: 1")}`);
  const own = store.current().rules[0];
  if (own === undefined) throw new Error("no rule");
  await ledger.retain([own], 0);
  await ledger.claim(own, "", 0);
  await addTemporary("a");
  t.equal(names(), "~a");
  await apply((): RulesChange => ({ kind: "change", temporary: [] }));
  t.match(await ledger.claim(own, "", 0), { kind: "refused", reason: "spent" });
  await apply((): RulesChange => ({ kind: "change", beginsAnew: ({ name }) => name === "a" }));
  t.match(await ledger.claim(own, "", 0), { kind: "granted", ordinal: 1 });
  await apply((): RulesChange => ({ kind: "change", stops: ({ name }) => name === "a" }));
  t.match(await ledger.claim(own, "", 0), { kind: "refused", reason: "stopped" });
});

t.test("a refusal of the caller comes back and changes nothing; without files an edit is refused", async (t) => {
  const { apply, add, names, told } = changing(`rules:\n${rule("a")}`, { withoutFiles: true });
  t.same(await apply((): RulesChange | { kind: "no" } => ({ kind: "no" })), { kind: "no" });
  t.match(await add("b"), { kind: "conflict", error: /no rules files/ });
  t.equal(names(), "a");
  t.same(told, []);
});

t.test("a change that fails because of a bug rejects, and the next one is made; files that were not taken are not known", async (t) => {
  let fails = true;
  const retain = async (): Promise<void> => {
    if (fails) throw new Error("bug");
  };
  const { addTemporary, reload, names, disk } = changing(`rules:\n${rule("a")}`, { ledger: { retain } });
  await t.rejects(addTemporary("x"), /bug/);
  disk.text = `rules:\n${rule("b")}`;
  await t.rejects(reload(), /bug/);
  t.equal(names(), "a");
  fails = false;
  await reload();
  t.equal(names(), "b");
});
