/** The program in a project that has nothing for it yet. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { runProgram, startProgram } from "../helpers/program.ts";

t.test("it starts without rules, says where it looks for them, and takes them when they appear", async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "project-")));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const program = await startProgram({ folder, withRules: false });
  t.teardown(() => program.stop("SIGKILL"));
  const notice = await program.line((line) => String(line.msg).startsWith("there are no rules yet"));
  t.match(notice.msg, `\`${join(folder, "rules")}\` is loaded when it is created; \`antom-fault-proxy init\``);
  const merchant = createMerchant();
  t.match((await merchant.call(program.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });

  t.match(await runProgram(["init"], { cwd: folder }), { code: 0, errors: "", out: /rules\/rules\.yaml written/ });
  await program.line((line) => line.event === "rules-loaded" && Number(line["rules"]) > 1 && line["active"] === 0);
  const file = join(folder, "rules", "rules.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("active: false", "active: true"));
  await program.line((line) => line.event === "rules-loaded" && line["active"] === 1);
  t.match((await merchant.call(program.url, "pay", payBody())).json, { result: { resultCode: "RISK_REJECT" } });
  t.equal(await program.stop(), 0);
  t.match(readFileSync(join(folder, ".gitignore"), "utf8"), /^\.antom-fault-proxy\/$/m);
});

t.test("it ends while it still looks for rules, and a folder that was named must exist", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "project-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const program = await startProgram({ folder, withRules: false });
  t.teardown(() => program.stop("SIGKILL"));
  t.equal(await program.stop(), 0);
  mkdirSync(join(folder, "other"));
  const words = ["start", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data-dir", "other", "--rules", "nowhere"];
  t.match(await runProgram(words, { cwd: folder }), { code: exitCodes.rules, errors: /nowhere: file or folder not found/ });
});
