/** Rules set from code: several at once, beside the page, the same again. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createRuleSetter } from "../../src/app/set-rules.ts";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import type { Parsed, Source } from "../../src/rules/language/parse.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { problemsOf, rulesOf } from "../helpers/rules.ts";

const merchant = createMerchant();
const rule = (result: string, more: object = {}): Readonly<Record<string, unknown>> => ({ name: "one", api: "pay", result, ...more });

async function started(t: Test, options: ProxyOptions = {}): Promise<{ proxy: RunningProxy; pay(): Promise<string> }> {
  const proxy = await startProxy(options);
  t.teardown(() => proxy.stop());
  return { proxy, pay: async () => (await merchant.call(proxy.url, "pay", payBody())).json.result.resultCode };
}

/** A setter whose texts are parsed when the test says so. */
function slowSetter() {
  const taken: string[] = [];
  const parsing = new Map<string, (parsed: Parsed) => void>();
  const setter = createRuleSetter([{ file: "rules", text: "first" }], {
    parse: ([source]) => new Promise((resolve) => parsing.set(source?.text ?? "", resolve)),
    take: async (parsed) => void taken.push(parsed.kind === "ok" ? (parsed.rules.rules[0]?.name ?? "none") : "bad"),
  });
  const textOf = (name: string): readonly Source[] => [{ file: "rules", text: name }];
  const good = (name: string): void =>
    parsing.get(name)?.({ kind: "ok", rules: rulesOf(`rules:\n  - {name: ${name}, api: pay, abort: reset}\n`) });
  const bad = (name: string): void => parsing.get(name)?.({ kind: "bad", problems: problemsOf("rules: 5") });
  return { setter, taken, textOf, good, bad };
}

t.test("of rules set at once the last win, and the overtaken promise resolves too", async (t) => {
  const { setter, taken, textOf, good } = slowSetter();
  const [first, second] = [setter.set(textOf("a"), false), setter.set(textOf("b"), false)];
  good("b");
  t.same(await second, []);
  good("a");
  t.same(await first, []);
  t.same(taken, ["b"]);
  t.same(await setter.sources(), textOf("b"));
});

t.test("wrong rules overtake nothing, and say what is wrong with them also when they come too late", async (t) => {
  const { setter, taken, textOf, good, bad } = slowSetter();
  const [first, second, third] = [setter.set(textOf("a"), false), setter.set(textOf("b"), false), setter.set(textOf("c"), false)];
  bad("c");
  t.equal((await third).length, 1);
  good("b");
  await second;
  bad("a");
  t.equal((await first).length, 1);
  t.same(taken, ["bad", "b"]);
});

t.test("the texts in force are asked for after all that are being set", async (t) => {
  const { setter, textOf, good } = slowSetter();
  const setting = setter.set(textOf("a"), false);
  const asked = setter.sources();
  good("a");
  await setting;
  t.same(await asked, textOf("a"));
});

t.test("400 rules and one rule set without waiting: the one is in force", async (t) => {
  const { proxy, pay } = await started(t);
  const many = Array.from({ length: 400 }, (_, index) => rule("PROCESS_FAIL", { name: `r${index}` }));
  await Promise.all([proxy.setRules(many), proxy.setRules([rule("RISK_REJECT")])]);
  t.equal(await pay(), "RISK_REJECT");
});

t.test("the same rule set again begins anew, unless it is to be kept", async (t) => {
  const { proxy, pay } = await started(t);
  const once = [rule("RISK_REJECT", { times: 1 })];
  await proxy.setRules(once);
  t.same([await pay(), await pay()], ["RISK_REJECT", "SUCCESS"]);
  await proxy.setRules(once, { keep: true });
  t.equal(await pay(), "SUCCESS");
  await proxy.setRules(once);
  t.same([await pay(), await pay()], ["RISK_REJECT", "SUCCESS"]);
});

t.test("a simulation on the page keeps the rules that were set from code, and their tallies", async (t) => {
  const { proxy, pay } = await started(t, { admin: true, rules: [rule("PROCESS_FAIL", { name: "at-start" })] });
  await proxy.setRules([rule("RISK_REJECT", { times: 1 })]);
  t.equal(await pay(), "RISK_REJECT");
  const armed = await fetch(`${proxy.adminUrl}/api/v1/simulations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ operation: "refund", code: "PROCESS_FAIL" }),
  });
  t.ok(armed.ok, `${armed.status}`);
  t.match(await (await fetch(`${proxy.adminUrl}/api/v1/rules`)).json(), {
    total: 2,
    rules: [{ name: "refund-process-fail" }, { name: "one" }],
  });
  t.equal(await pay(), "SUCCESS", "it had fired once already");
});

t.test("reload() of a file that is wrong rejects, again while it is, and resolves once it is right", async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "reload-")), "rules.yaml");
  writeFileSync(file, "rules: []\n");
  const { proxy, pay } = await started(t, { rulesPath: file });
  writeFileSync(file, "rules: 5\n");
  await t.rejects(proxy.reload(), { name: "ProblemsError", problems: [{ file, message: "`rules` takes a list" }] });
  await t.rejects(proxy.reload(), { name: "ProblemsError" });
  writeFileSync(file, "rules:\n  - {name: a, api: pay, result: RISK_REJECT}\n");
  await proxy.reload();
  t.equal(await pay(), "RISK_REJECT");
});
