/** What an open page is told, and what it is spared. */
import t from "tap";
import { createFeed, type Feed } from "../../../src/admin/api/feed.ts";
import { correlation } from "../../../src/antom/correlation.ts";
import { systemClock } from "../../../src/base/machine-clock.ts";
import { createLedger } from "../../../src/ledger/memory/embedded-ledger.ts";
import { createJournal } from "../../../src/observe/journal/journal.ts";
import { createRuleSet } from "../../../src/rules/rule-set.ts";
import { createRuleStore } from "../../../src/rules/store.ts";
import { startAdminFixture } from "../../helpers/admin-fixture.ts";
import { callRecord } from "../../helpers/call-record.ts";

function start() {
  const [journal, ledger, store] = [
    createJournal({ limit: 10_000 }),
    createLedger({ correlation, seed: "x" }),
    createRuleStore(createRuleSet([])),
  ];
  return { journal, ledger, store, feed: createFeed({ journal, ledger, store }) };
}

const ids = (feed: Feed): string[] => feed.take().entries.map((entry) => entry.record.id);

t.test("calls are told once, oldest first", async (t) => {
  const { journal, feed } = start();
  t.match(feed.take(), { entries: [], dropped: 0, rulesChanged: false });
  for (const id of ["a", "b"]) journal.observe(callRecord({ id }));
  t.strictSame(ids(feed), ["a", "b"]);
  t.strictSame(ids(feed), []);
});

t.test("of a flood the newest are told, the others counted", async (t) => {
  const { journal, feed } = start();
  for (let n = 1; n <= 1234; n += 1) journal.observe(callRecord({ id: String(n) }));
  const { entries, dropped } = feed.take();
  t.equal(entries.length, 50);
  t.equal(dropped, 1184);
  t.strictSame([entries[0]?.record.id, entries[49]?.record.id], ["1185", "1234"]);
  journal.observe(callRecord({ id: "next" }));
  t.match(feed.take(), { entries: [{ record: { id: "next" } }], dropped: 0 });
});

t.test("a change of the rules is told", async (t) => {
  const { store, feed } = start();
  store.replace(createRuleSet([]));
  t.equal(feed.take().rulesChanged, true);
  t.equal(feed.take().rulesChanged, false);
});

t.test("nothing is gathered after the end", async (t) => {
  const { journal, feed } = start();
  feed.end();
  journal.observe(callRecord());
  t.strictSame(ids(feed), []);
});

t.test("the stream sends calls and changes of rules, and ends when the server stops", async (t) => {
  const { admin, call, save, ledger, store } = await startAdminFixture();
  const answer = await fetch(`${admin.origin}/api/v1/calls/stream`);
  t.match(answer.headers.get("content-type"), /text\/event-stream/);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error("no body");
  let text = "";
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended: ${text}`);
      text += value;
    }
  };
  await until(/event: hello/);
  await call();
  await until(/event: calls\ndata: \{"calls":\[\{"id":"call-1".*"dropped":0\}\n\n/);
  await save("rules: [{name: a, api: pay, result: RISK_REJECT}]\n");
  await until(/event: rules/);
  text = "";
  const { identity } = store.current().rules[0] ?? {};
  t.equal(await ledger.stop(identity ?? "", systemClock.steady()), true);
  await until(/event: rules/);
  const ended = (async () => {
    while (!(await reader.read()).done);
  })();
  const startedAt = performance.now();
  await admin.stop();
  await ended;
  t.ok(performance.now() - startedAt < 1500, "at once, not after the grace time");
});
