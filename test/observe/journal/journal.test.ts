/** The journal keeps the newest calls within its budgets and tells its readers of further ones. */
import t from "tap";
import { createJournal } from "../../../src/observe/journal/journal.ts";
import { callRecord, identity, injectedRecord, request } from "../../helpers/call-record.ts";

const ids = (entries: readonly { record: { id: string } }[]): string[] => entries.map((entry) => entry.record.id);

t.test("the newest calls are kept, newest first", async (t) => {
  const journal = createJournal({ limit: 3 });
  for (const id of ["a", "b", "c", "d"]) journal.observe(callRecord({ id }));
  t.strictSame(ids(journal.entries()), ["d", "c", "b"]);
  t.equal(journal.entry("a"), undefined);
  t.equal(journal.entry("c")?.sequence, 3);
  t.match(journal.size, { calls: 3, newest: 4 });
});

t.test("the byte budget drops the oldest, but never the newest", async (t) => {
  const journal = createJournal({ limit: 10, limitBytes: 10_000 });
  const big = request({ body: Buffer.alloc(5000) });
  for (const id of ["a", "b", "c"]) journal.observe(callRecord({ id, request: big }));
  t.strictSame(ids(journal.entries()), ["c"]);
  journal.observe(callRecord({ id: "huge", request: request({ body: Buffer.alloc(50_000) }) }));
  t.strictSame(ids(journal.entries()), ["huge"]);
  journal.observe(callRecord({ id: "small" }));
  t.strictSame(ids(journal.entries()), ["small"]);
  t.ok(journal.size.bytes < 10_000);
});

t.test("bytes are given back as calls leave the ring", async (t) => {
  const journal = createJournal({ limit: 5 });
  journal.observe(callRecord());
  const one = journal.size.bytes;
  for (let n = 0; n < 100; n += 1) journal.observe(callRecord());
  t.equal(journal.size.bytes, one * 5);
  journal.clear();
  t.match(journal.size, { calls: 0, bytes: 0, newest: 101 });
  t.strictSame(journal.entries(), []);
});

t.test("a reader asks for what came after what it has, and for no more than it wants", async (t) => {
  const journal = createJournal({ limit: 10 });
  for (const id of ["a", "b", "c", "d"]) journal.observe(callRecord({ id }));
  t.strictSame(ids(journal.entries({ since: 2 })), ["d", "c"]);
  t.strictSame(ids(journal.entries({ limit: 1 })), ["d"]);
  t.strictSame(ids(journal.entries({ since: 4 })), []);
  t.strictSame(ids(journal.entries({ since: 99 })), []);
});

t.test("filters hold together", async (t) => {
  const journal = createJournal();
  journal.observe(callRecord({ id: "a" }));
  journal.observe(injectedRecord({ id: "b" }));
  journal.observe(injectedRecord({ id: "c", identity: identity({ operation: "refund", clientId: "SANDBOX_B" }) }));
  journal.observe(callRecord({ id: "d", identity: identity({ operation: undefined }) }));
  t.strictSame(ids(journal.entries({ filters: { operation: "pay" } })), ["b", "a"]);
  t.strictSame(ids(journal.entries({ filters: { operation: "other" } })), ["d"]);
  t.strictSame(ids(journal.entries({ filters: { outcome: "injected", clientId: "SANDBOX_B" } })), ["c"]);
  t.strictSame(ids(journal.entries({ filters: { rule: "pay-risk-reject", resultCode: "RISK_REJECT" } })), ["c", "b"]);
  t.strictSame(ids(journal.entries({ filters: { rule: "nobody" } })), []);
});

t.test("subscribers hear of every call until they leave", async (t) => {
  const journal = createJournal();
  const heard: number[] = [];
  const leave = journal.subscribe((entry) => heard.push(entry.sequence));
  journal.observe(callRecord());
  journal.observe(callRecord());
  leave();
  journal.observe(callRecord());
  t.strictSame(heard, [1, 2]);
});

t.test("a reader that throws costs neither the call nor the other readers", async (t) => {
  const journal = createJournal();
  const told: string[] = [];
  journal.subscribe(() => {
    throw new Error("a page that went away");
  });
  journal.subscribe(({ record }) => told.push(record.id));
  journal.observe(callRecord({ id: "a" }));
  t.same(told, ["a"]);
  t.equal(journal.entry("a")?.record.id, "a");
});
