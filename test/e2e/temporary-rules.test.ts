/** Temporary rules in the running program: over REST, with a real client, beside a rules file that a person edits. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { till } from "../helpers/poll.ts";
import { startProgram } from "../helpers/program.ts";

const FILE = `# for the team
rules:
  - name: refund-fails   # kept
    api: refund
    result: PROCESS_FAIL
`;

t.test("a temporary rule acts, outlives a reload and a rejected file, ends when stopped, and the file is never written", async (t) => {
  const folder = t.testdir({ rules: { "rules.yaml": FILE } });
  const file = join(folder, "rules", "rules.yaml");
  const program = await startProgram({ folder });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant();
  const codeOf = async (api: string): Promise<string> => (await merchant.call(program.url, api, payBody())).json.result.resultCode;
  const ask = async (method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> => {
    const answer = await fetch(`${program.admin}/api/v1${path}`, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: await answer.json() };
  };
  const before = statSync(file);

  const yaml = "name: mine # my test\napi: pay\nresult: RISK_REJECT\n";
  t.match(await ask("POST", "/rules", { yaml, temporary: true }), { status: 200 });
  t.equal(await codeOf("pay"), "RISK_REJECT");
  const { ino, mtimeMs } = statSync(file);
  t.same([readFileSync(file, "utf8"), ino, mtimeMs], [FILE, before.ino, before.mtimeMs], "nothing was written");

  writeFileSync(file, FILE.replace("PROCESS_FAIL", "REFUND_NOT_SUPPORTED"));
  await till(async () => (await codeOf("refund")) === "REFUND_NOT_SUPPORTED");
  t.equal(await codeOf("pay"), "RISK_REJECT", "it outlives a reload");
  const broken = "rules: 5 # being written\n";
  writeFileSync(file, broken);
  await program.line((line) => line.event === "rules-rejected");
  t.equal(await codeOf("pay"), "RISK_REJECT", "and a rejected file");
  t.match((await ask("GET", "/rules")).json, {
    rules: [
      { name: "mine", layer: "temporary", phase: "running", firings: 3 },
      { name: "refund-fails", layer: "files" },
    ],
    problems: [{ file, message: "`rules` takes a list" }],
  });

  t.match(await ask("POST", "/rules/mine/stop", {}), { status: 200 });
  t.equal(await codeOf("pay"), "SUCCESS");
  t.match(await ask("DELETE", "/rules/mine", {}), { status: 200 });
  t.match(await ask("GET", "/rules"), { json: { total: 1, problems: [{ file }] } });
  t.equal(readFileSync(file, "utf8"), broken, "only the person wrote");
});
