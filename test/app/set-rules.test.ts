/** Rules set from code: several at once, beside the page, the same again. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";

const merchant = createMerchant();
const rule = (result: string, more: object = {}): Readonly<Record<string, unknown>> => ({ name: "one", api: "pay", result, ...more });

async function started(t: Test, options: ProxyOptions = {}): Promise<{ proxy: RunningProxy; pay(): Promise<string> }> {
  const proxy = await startProxy(options);
  t.teardown(() => proxy.stop());
  return { proxy, pay: async () => (await merchant.call(proxy.url, "pay", payBody())).json.result.resultCode };
}

t.test("of rules set at once the last win, and the overtaken promises resolve too", async (t) => {
  const { proxy, pay } = await started(t);
  const names = ["PROCESS_FAIL", "RISK_REJECT", "FRAUD_REJECT"];
  t.same(await Promise.all(names.map((code) => proxy.setRules([rule(code)]))), [undefined, undefined, undefined]);
  t.equal(await pay(), "FRAUD_REJECT");
});

t.test("wrong rules among those set at once overtake nothing, and each caller gets the problems of its own", async (t) => {
  const { proxy, pay } = await started(t);
  const settled = await Promise.allSettled([
    proxy.setRules([rule("PROCESS_FAIL")]),
    proxy.setRules([rule("NO_SUCH_CODE")]),
    proxy.setRules([rule("RISK_REJECT")]),
    proxy.setRules("rules: 5\n"),
  ]);
  t.same(
    settled.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "rejected"],
  );
  t.match(settled[1], { reason: { name: "ProblemsError", problems: [{ message: /`NO_SUCH_CODE`/ }] } });
  t.match(settled[3], { reason: { name: "ProblemsError", problems: [{ message: "`rules` takes a list" }] } });
  t.equal(await pay(), "RISK_REJECT");
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

t.test("rules set over files are tried before them, outlive their reload, and leave nothing in them", async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "over-")), "rules.yaml");
  const text = "rules:\n  - {name: one, api: pay, result: PROCESS_FAIL}\n";
  writeFileSync(file, text);
  const { proxy, pay } = await started(t, { rulesPath: file });
  t.equal(await pay(), "PROCESS_FAIL");
  await proxy.setRules([rule("RISK_REJECT")]);
  t.equal(await pay(), "RISK_REJECT", "it hides the file's rule of its name");
  t.equal(readFileSync(file, "utf8"), text);
  writeFileSync(file, text.replace("PROCESS_FAIL", "FRAUD_REJECT"));
  await proxy.reload();
  t.equal(await pay(), "RISK_REJECT");
  await t.rejects(proxy.setRules([rule("NO_SUCH_CODE")]), { name: "ProblemsError" });
  await proxy.reload();
  t.equal(await pay(), "RISK_REJECT", "the problems of one caller are not those of the files");
  await proxy.setRules([]);
  t.equal(await pay(), "FRAUD_REJECT");
});

t.test("reload() rejects for a wrong file also after temporary rules were set", async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "over-")), "rules.yaml");
  writeFileSync(file, "rules: []\n");
  const { proxy, pay } = await started(t, { rulesPath: file });
  writeFileSync(file, "rules: 5\n");
  await t.rejects(proxy.reload(), { name: "ProblemsError" });
  await proxy.setRules([rule("RISK_REJECT")]);
  t.equal(await pay(), "RISK_REJECT");
  await t.rejects(proxy.reload(), { name: "ProblemsError" });
});
