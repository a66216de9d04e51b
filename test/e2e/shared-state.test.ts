import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { type Program, runProgram, startProgram } from "../helpers/program.ts";
import { needs } from "../helpers/programs.ts";
import { freePort, type RedisServer, startRedis } from "../helpers/redis-server.ts";
import { runCommand } from "../helpers/run-command.ts";

const merchant = createMerchant();

interface Team {
  readonly redis: RedisServer;
  readonly rulesFolder: string;
  /** Starts one more program of the team. */
  join(name: string): Promise<Program>;
}

/** A Redis, a rules folder with `rules`, and as many programs as the test wants. */
async function createTeam(t: Test, rules: string): Promise<Team> {
  const folder = mkdtempSync(join(tmpdir(), "team-"));
  const rulesFolder = join(folder, "rules");
  mkdirSync(rulesFolder);
  writeFileSync(join(rulesFolder, "rules.yaml"), rules);
  const redis = await startRedis({ keeps: true });
  const programs: Program[] = [];
  t.teardown(async () => {
    await Promise.all(programs.map((program) => program.stop("SIGKILL")));
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    redis,
    rulesFolder,
    async join(name) {
      const home = join(folder, name);
      mkdirSync(home, { recursive: true });
      const program = await startProgram({ folder: home, flags: ["--rules", rulesFolder, "--state", redis.url("team")] });
      programs.push(program);
      return program;
    },
  };
}

async function pay(program: Program, id: string): Promise<string> {
  const came = await merchant.call(program.url, "pay", payBody({ id }));
  return String(came.json.result.resultCode);
}

function counted(codes: readonly string[], code: string): number {
  return codes.filter((one) => one === code).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + 15_000; !(await holds()); ) {
    if (Date.now() > endMs) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

t.test("two programs and one Redis", needs("redis-server"), async (t) => {
  const story =
    "steps: [{result: PROCESS_FAIL}, {result: RISK_REJECT}, {result: FRAUD_REJECT}]\n    then: forward\n    per: paymentRequestId";
  const team = await createTeam(
    t,
    `rules:
  - name: three-times
    api: pay
    when: {body: {paymentRequestId: {pattern: "times-*"}}}
    result: RISK_REJECT
    times: 3
  - name: story
    api: pay
    when: {body: {paymentRequestId: {pattern: "story-*"}}}
    ${story}
`,
  );
  let left = await team.join("left");
  const right = await team.join("right");

  await t.test("times: 3 fires three times in all under parallel load", async (t) => {
    const codes = await Promise.all(Array.from({ length: 60 }, (_, index) => pay(index % 2 === 0 ? left : right, `times-${index}`)));
    t.equal(counted(codes, "RISK_REJECT"), 3);
    t.equal(counted(codes, "SUCCESS"), 57);
  });

  await t.test("a sequence advances for both together, whichever is asked", async (t) => {
    const codes: string[] = [];
    for (const program of [left, right, right, left]) codes.push(await pay(program, "story-1"));
    t.same(codes, ["PROCESS_FAIL", "RISK_REJECT", "FRAUD_REJECT", "SUCCESS"]);
  });

  await t.test("killed at any moment, one takes nothing with it: the other goes on, and it comes back to where all are", async (t) => {
    t.equal(await pay(left, "story-2"), "PROCESS_FAIL");
    await left.stop("SIGKILL");
    t.equal(await pay(right, "story-2"), "RISK_REJECT");
    left = await team.join("left");
    t.equal(await pay(left, "story-2"), "FRAUD_REJECT");
    t.equal(await pay(left, "times-again"), "SUCCESS", "spent is spent");
  });

  await t.test("Redis away: calls go on, rules that count do not act, probes and metrics say so, and it heals", async (t) => {
    const ready = async ({ admin } = right): Promise<number> => (await fetch(`${admin}/readyz`)).status;
    const stateUp = async (): Promise<string> =>
      /^antom_fault_proxy_state_up (\d)$/m.exec(await (await fetch(`${right.admin}/metrics`)).text())?.[1] ?? "";
    t.same([await ready(), await stateUp()], [200, "1"]);
    await team.redis.stop();
    t.equal(await pay(right, "story-3"), "SUCCESS");
    t.same([await ready(), await stateUp()], [503, "0"]);
    const { reasons } = JSON.parse(await (await fetch(`${right.admin}/readyz`)).text());
    t.match(reasons, [/^the shared state at `redis:\/\/127\.0\.0\.1:\d+\/0` is away \(.+\)$/]);
    t.equal((await fetch(`${right.admin}/healthz`)).status, 200, "no reason to restart it");
    await right.line((line) => line["level"] === "warn" && /is away .*rules that count do not act/.test(String(line.msg)));
    await team.redis.start();
    await until(async () => (await ready(right)) === 200 && (await ready(left)) === 200);
    t.equal(await stateUp(), "1");
    t.same([await pay(right, "story-3"), await pay(left, "story-3")], ["PROCESS_FAIL", "RISK_REJECT"]);
  });
});

t.test("a window begins once and ends once for all programs, whenever they started", needs("redis-server"), async (t) => {
  const team = await createTeam(t, "rules:\n  - {name: short, api: pay, result: RISK_REJECT, duration: 9s}\n");
  const left = await team.join("left");
  const startedAtMs = Date.now();
  t.equal(await pay(left, "1"), "RISK_REJECT");
  const right = await team.join("right");
  t.equal(await pay(right, "2"), "RISK_REJECT");
  await until(async () => (await pay(left, "3")) === "SUCCESS");
  t.equal(await pay(right, "4"), "SUCCESS", "the window of the second program is that of the first");
  t.ok(Date.now() - startedAtMs < 12_000, `${Date.now() - startedAtMs} ms`);
  await right.line(({ event, rule }) => event === "window-ended" && rule === "short");
  t.notOk(
    right.lines().some(({ event }) => event === "window-started"),
    "it had begun before",
  );
});

t.test("a --state that is no Redis is refused with one line that does not repeat the password", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "team-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const state of ["http://:geheim@cache:6379", "redis://:geheim@cache:6379/a/b", "redis://:geheim@cache/0?tls=1"]) {
    const { code, errors } = await runProgram(["start", "--state", state], { cwd: folder });
    t.equal(code, 2);
    t.match(errors, /^--state: .+; write `redis:.+\n$/, state);
    t.notMatch(errors, "geheim");
  }
});

t.test("rediss:// is TLS with a certificate that is checked", needs("redis-server", "openssl"), async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "team-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  await runCommand("openssl", ["req", "-x509", ...curve, "-nodes", "-days", "2", "-keyout", key, "-out", certificate, ...subject]);
  const tlsPort = await freePort();
  const tls = ["--tls-port", String(tlsPort), "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"];
  const redis = await startRedis({ flags: tls });
  t.teardown(async () => {
    delete process.env["NODE_EXTRA_CA_CERTS"];
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const reasonsOf = async (): Promise<unknown> => {
    const program = await startProgram({ folder, flags: ["--state", `rediss://127.0.0.1:${tlsPort}/0`] });
    const answer = await fetch(`${program.admin}/readyz`);
    await program.stop();
    return { code: answer.status, ...JSON.parse(await answer.text()) };
  };
  t.match(await reasonsOf(), { code: 503, reasons: [/is away \(.*SELF_SIGNED/] });
  process.env["NODE_EXTRA_CA_CERTS"] = certificate;
  t.match(await reasonsOf(), { code: 200 });
});
