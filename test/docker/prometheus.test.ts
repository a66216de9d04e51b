import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { z } from "zod";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { type Program, projectRoot, startProgram } from "../helpers/program.ts";
import { needs } from "../helpers/programs.ts";
import { freePort } from "../helpers/redis-server.ts";
import { runCommand } from "../helpers/run-command.ts";

const docker = join(projectRoot, "docker");
const TOKEN = "a-token-of-the-test-0123456789";
const RULES =
  "rules:\n  - {name: reject, api: pay, when: {body: {paymentRequestId: {pattern: 'reject-*'}}}, result: RISK_REJECT, duration: 30m}\n";

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The shipped configuration, with this test's addresses and files, and in a hurry. */
function configure(folder: string, target: string): string {
  writeFileSync(join(folder, "admin-token"), TOKEN);
  copyFileSync(join(docker, "alerts.yml"), join(folder, "alerts.yml"));
  const config = readFileSync(join(docker, "prometheus.yml"), "utf8")
    .replace("proxy:8081", target)
    .replace("/run/secrets/admin-token", join(folder, "admin-token"))
    .replaceAll("_interval: 10s", "_interval: 1s");
  const file = join(folder, "prometheus.yml");
  writeFileSync(file, config);
  return file;
}

t.test("promtool accepts the configuration and the alerts, and the alerts fire when they should", needs("promtool"), async (t) => {
  const folder = folderOf(t);
  const file = configure(folder, "127.0.0.1:1");
  copyFileSync(join(projectRoot, "test", "docker", "alerts.yaml"), join(folder, "alerts-test.yaml"));
  for (const words of [
    ["check", "config", file],
    ["check", "rules", join(folder, "alerts.yml")],
    ["test", "rules", join(folder, "alerts-test.yaml")],
  ]) {
    const ran = await runCommand("promtool", words);
    t.equal(ran.code, 0, `${words.join(" ")}: ${ran.stdout.toString()} ${ran.stderr}`);
  }
  const tested = [...readFileSync(join(folder, "alerts-test.yaml"), "utf8").matchAll(/alertname: (\w+)/g)].map(([, name]) => name);
  for (const [, name] of readFileSync(join(folder, "alerts.yml"), "utf8").matchAll(/alert: (\w+)/g))
    t.ok(tested.includes(name), `${name} is tested`);
});

const merchant = createMerchant();

/** Calls of every kind that the dashboard shows: forwarded or without an upstream, injected, refused. */
async function callAround(program: Program, round: number): Promise<void> {
  await merchant.call(program.url, "pay", payBody({ id: `pay-${round}` }));
  await merchant.call(program.url, "pay", payBody({ id: `reject-${round}` }));
  await merchant.call(program.url, "pay", payBody({ id: "p" }), { path: "/ams/api/v1/payments/pay" });
  await new Promise((resolve) => setTimeout(resolve, 400));
}

const result = z.object({ data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }) });

async function query(prometheus: string, expression: string): Promise<string[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  if (answer.status !== 200) throw new Error(`${expression}: ${await answer.text()}`);
  return result.parse(await answer.json()).data.result.map(({ value }) => value[1]);
}

/** Successful scrapes in the last minute. */
async function scrapes(prometheus: string): Promise<number> {
  const [count = "0"] = await query(prometheus, "count_over_time(antom_fault_proxy_calls_in_flight[1m])").catch(() => []);
  return Number(count);
}

const dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), description: z.string().min(10), targets: z.array(z.object({ expr: z.string() })).min(1) }),
  ),
  annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
});

t.test("the real Prometheus scrapes the real program", { ...needs("prometheus", "promtool"), timeout: 120_000 }, async (t) => {
  const folder = folderOf(t);
  const sandbox = await startSandbox({});
  writeFileSync(join(folder, "antom.pub"), sandbox.publicKeyPem);
  writeFileSync(join(folder, "token"), `${TOKEN}\n`);
  mkdirSync(join(folder, "rules"));
  writeFileSync(join(folder, "rules", "rules.yaml"), RULES);
  const flags = ["--upstream", sandbox.origin, "--antom-public-key", join(folder, "antom.pub"), "--admin-token", join(folder, "token")];
  const program = await startProgram({ folder, flags });
  t.teardown(() => program.stop("SIGKILL"));
  const target = program.admin.replace("http://", "");
  const port = await freePort();
  const web = `127.0.0.1:${port}`;
  const words = [
    `--config.file=${configure(folder, target)}`,
    `--storage.tsdb.path=${join(folder, "tsdb")}`,
    `--web.listen-address=${web}`,
  ];
  const server = spawn("prometheus", words, { stdio: "ignore" });
  t.teardown(() => server.kill("SIGKILL"));
  t.teardown(sandbox.stop);
  let rounds = 0;
  for (const endMs = Date.now() + 30_000; Date.now() < endMs && (await scrapes(`http://${web}`)) < 4; rounds += 1)
    await callAround(program, rounds);

  await t.test("metrics need the token, and pass promtool's check", async (t) => {
    t.equal((await fetch(`${program.admin}/metrics`)).status, 401);
    const metrics = await fetch(`${program.admin}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    t.equal(metrics.status, 200);
    const ran = await runCommand("promtool", ["check", "metrics"], { input: await metrics.text() });
    t.equal(ran.code, 0, ran.stderr);
  });

  await t.test("every alert is loaded and judged without an error", async (t) => {
    const rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() });
    const groups = z.object({ data: z.object({ groups: z.array(z.object({ rules: z.array(rule) })) }) });
    const { data } = groups.parse(await (await fetch(`http://${web}/api/v1/rules`)).json());
    const rules = data.groups.flatMap((group) => group.rules);
    t.equal(rules.length, 6);
    for (const { name, health, lastError } of rules) t.equal(health, "ok", `${name} ${lastError ?? ""}`);
    t.same(await query(`http://${web}`, 'up{job="antom-fault-proxy"}'), ["1"]);
  });

  await t.test("every query of the Grafana dashboard returns data", async (t) => {
    const text = readFileSync(join(docker, "grafana", "dashboards", "antom-fault-proxy.json"), "utf8");
    const { panels, annotations } = dashboard.parse(JSON.parse(text));
    t.ok(panels.length >= 12);
    let empty: string[] = [];
    // From here on the upstream is gone: its errors are on the dashboard as well.
    await sandbox.stop();
    for (const endMs = Date.now() + 40_000; Date.now() < endMs; rounds += 1) {
      await callAround(program, rounds);
      empty = [];
      for (const { title, targets } of panels) {
        for (const { expr } of targets) {
          const values = await query(`http://${web}`, expr.replaceAll("$__rate_interval", "1m"));
          if (!values.some((value) => Number.isFinite(Number(value))))
            empty.push(`${title}: ${expr} gives ${values.join(" ") || "nothing"}`);
        }
      }
      if (empty.length === 0) break;
    }
    t.same(empty, []);
    for (const { expr } of annotations.list) await query(`http://${web}`, expr);
    t.ok(
      (await query(`http://${web}`, 'antom_fault_proxy_calls_total{operation="pay",outcome="injected",result_code="RISK_REJECT"} > 2'))
        .length === 1,
    );
    t.ok((await query(`http://${web}`, 'antom_fault_proxy_upstream_signatures_total{verdict="valid"} > 0')).length > 0);
  });
});
