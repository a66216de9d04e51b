import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { startProxy } from "../../src/index.ts";
import { createMerchant, type Merchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { type Program, startProgram } from "../helpers/program.ts";

function rules(code: string, name = "pay-rule"): string {
  return `rules:\n  - name: ${name}\n    api: pay\n    active: true\n    result: ${code}\n`;
}

async function codeOf(merchant: Merchant, program: Pick<Program, "url">): Promise<string> {
  const { json } = await merchant.call(program.url, "pay", payBody());
  return json.result.resultCode;
}

/** Calls until `code` is answered; gives the milliseconds it took. */
async function until(merchant: Merchant, program: Program, code: string): Promise<number> {
  const beganAt = performance.now();
  while (performance.now() - beganAt < 5000) {
    if ((await codeOf(merchant, program)) === code) return performance.now() - beganAt;
    await delay(10);
  }
  throw new Error(`${code} was never answered`);
}

t.test("a file saved by rename, by truncate-and-write or by symlink swap is in force at once", async (t) => {
  const folder = t.testdir({ rules: { "rules.yaml": rules("RISK_REJECT") } });
  const program = await startProgram({ folder });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant();
  const file = join(folder, "rules", "rules.yaml");
  t.equal(await codeOf(merchant, program), "RISK_REJECT");

  writeFileSync(join(folder, "rules", ".new"), rules("PROCESS_FAIL"));
  renameSync(join(folder, "rules", ".new"), file);
  const byRename = await until(merchant, program, "PROCESS_FAIL");
  writeFileSync(file, rules("USER_BALANCE_NOT_ENOUGH"));
  const byWrite = await until(merchant, program, "USER_BALANCE_NOT_ENOUGH");
  rmSync(file);
  await until(merchant, program, "SUCCESS");
  writeFileSync(file, rules("FRAUD_REJECT"));
  const byReturn = await until(merchant, program, "FRAUD_REJECT");
  t.comment(`effective after ms: rename ${byRename.toFixed(0)}, write ${byWrite.toFixed(0)}, deletion and return ${byReturn.toFixed(0)}`);
});

t.test("a ConfigMap's symlink swap, as Kubernetes does it, is noticed", async (t) => {
  const folder = t.testdir();
  const mount = join(folder, "mount");
  const publish = (name: string, text: string): void => {
    mkdirSync(join(mount, name), { recursive: true });
    writeFileSync(join(mount, name, "rules.yaml"), text);
    symlinkSync(name, join(mount, "..tmp"));
    renameSync(join(mount, "..tmp"), join(mount, "..data"));
  };
  publish("..2026_1", rules("RISK_REJECT"));
  symlinkSync("..data/rules.yaml", join(mount, "rules.yaml"));
  const program = await startProgram({ folder, flags: ["--rules", mount] });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant();
  t.equal(await codeOf(merchant, program), "RISK_REJECT");
  for (const [index, code] of ["PROCESS_FAIL", "FRAUD_REJECT", "RISK_REJECT"].entries()) {
    publish(`..2026_${index + 2}`, rules(code));
    t.ok((await until(merchant, program, code)) < 5000, code);
  }
});

t.test("a broken file keeps the old rules and names line and column; mended, it is in force", async (t) => {
  const folder = t.testdir({ rules: { "rules.yaml": rules("RISK_REJECT") } });
  const program = await startProgram({ folder });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant();
  const file = join(folder, "rules", "rules.yaml");
  writeFileSync(file, rules("RISK_REJCT"));
  const rejected = await program.line((line) => line.event === "rules-rejected");
  t.match(rejected, {
    problems: [{ file, line: 5, column: 13, message: /`RISK_REJCT` is not a result code of `pay`/, remedy: /`RISK_REJECT`/, frame: /\^/ }],
  });
  t.equal(await codeOf(merchant, program), "RISK_REJECT", "the last good rules run on");
  t.match(await (await fetch(`${program.admin}/metrics`)).text(), /antom_fault_proxy_rules_reloads_total\{outcome="rejected"\} 1/);
  writeFileSync(file, "rules:\n  - name: half");
  await program.line((line) => line.event === "rules-rejected" && JSON.stringify(line).includes("name: half"));
  t.equal(await codeOf(merchant, program), "RISK_REJECT");
  writeFileSync(file, rules("PROCESS_FAIL"));
  await until(merchant, program, "PROCESS_FAIL");
});

t.test("a bad file at start refuses to start, with every mistake and its place", async (t) => {
  const folder = t.testdir({
    rules: { "b.yaml": rules("RISK_REJCT"), "a.yaml": "rules:\n  - nam: x\n    api: pya\n    result: SUCCESS\n" },
  });
  await t.rejects(startProgram({ folder }), { message: /a\.yaml:2:5: .*`nam`[\s\S]*a\.yaml:3:10: .*`pya`[\s\S]*b\.yaml:5:13: / });
});

t.test("1,000 reloads under load: no call fails, no override is missed, none is doubled, the window runs on", async (t) => {
  const folder = t.testdir({ "rules.yaml": "" });
  const path = join(folder, "rules.yaml");
  const text = (reload: number): string =>
    `rules:\n  - {name: stays, api: pay, duration: 90m, result: RISK_REJECT}\n  - {name: changes-${reload}, api: refund, result: {code: PROCESS_FAIL, message: "${reload}"}}\n`;
  writeFileSync(path, text(0));
  const proxy = await startProxy({ rulesPath: path, admin: true });
  t.teardown(() => proxy.stop());
  const merchant = createMerchant();
  let calls = 0;
  let running = true;
  const wrong: unknown[] = [];
  const load = async (): Promise<void> => {
    while (running) {
      calls += 1;
      const { json, status } = await merchant
        .call(proxy.url, "pay", payBody())
        .catch((error: unknown) => ({ json: String(error), status: 0 }));
      if (status !== 200 || json.result.resultCode !== "RISK_REJECT") wrong.push(json);
    }
  };
  const loads = [load(), load(), load(), load()];
  for (let reload = 1; reload <= 1000; reload += 1) {
    writeFileSync(path, text(reload));
    await proxy.reload();
  }
  running = false;
  await Promise.all(loads);
  t.same(wrong, []);
  t.ok(calls > 100, `${calls} calls`);
  const metrics = await (await fetch(`${proxy.adminUrl}/metrics`)).text();
  t.match(metrics, new RegExp(`antom_fault_proxy_rule_firings_total\\{rule="stays"\\} ${calls}\\n`), "each call was overridden once");
  const reloads = Number(/reloads_total\{outcome="ok"\} (\d+)/.exec(metrics)?.[1]);
  t.ok(reloads >= 1001, `${reloads} loads`);
  t.match((await merchant.call(proxy.url, "refund", {})).json, { result: { resultMessage: "1000" } });
});
