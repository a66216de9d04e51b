import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { runProgram, startProgram } from "../helpers/program.ts";

const RULES = `rules:
  - {name: off, api: pay, active: false, result: PROCESS_FAIL}
  - {name: refunds, api: refund, result: PROCESS_FAIL}
  - {name: first, api: pay, result: RISK_REJECT}
  - {name: second, api: pay, result: FRAUD_REJECT}
`;

t.test("explain says of a request file which rule acts, and why each other one does not", async (t) => {
  const folder = t.testdir({ rules: { "r.yaml": RULES }, "call.json": JSON.stringify({ api: "pay", body: payBody() }) });
  const { code, out } = await runProgram(["explain", "call.json"], { cwd: folder });
  t.equal(code, 0);
  t.match(
    out,
    /✘ off .*r\.yaml:2[\s\S]*switched off[\s\S]*✘ refunds[\s\S]*✔ first[\s\S]*RISK_REJECT[\s\S]*◦ second[\s\S]*`first` comes first/,
  );
  const json = await runProgram(["explain", "--format", "json", "call.json"], { cwd: folder });
  t.match(JSON.parse(json.out), [
    { verdict: "passes" },
    { verdict: "passes" },
    { verdict: "acts", rule: "first" },
    { verdict: "shadowed" },
  ]);
});

t.test("explain prints for a call in the journal of the running proxy what its page shows", async (t) => {
  const folder = t.testdir({ rules: { "r.yaml": RULES } });
  const program = await startProgram({ folder });
  t.teardown(() => program.stop("SIGKILL"));
  await createMerchant().call(program.url, "pay", payBody());
  const call = await program.line((line) => line.msg === "call");
  const admin = program.admin.replace("http://", "");
  const { code, out } = await runProgram(["explain", String(call["id"]), "--admin", admin], { cwd: folder });
  t.equal(code, 0);
  t.match(out, /✔ first/);
  t.match(await runProgram(["explain", "none", "--admin", admin], { cwd: folder }), { code: 2, errors: /has no call `none`/ });
});

t.test("a request file that is none is refused with how to write one", async (t) => {
  const folder = t.testdir({ rules: { "r.yaml": RULES } });
  for (const [text, message] of [
    ["{", /this is not a valid request; write/],
    ['{"api": "pay", "boddy": 1}', /this is not a valid request/],
    ['{"api": "pya"}', /`pya` has no known path/],
    ["{}", /has no known path/],
  ] as const) {
    writeFileSync(join(folder, "call.json"), text);
    t.match(await runProgram(["explain", "call.json"], { cwd: folder }), { code: 2, errors: message }, text);
  }
  t.match(await runProgram(["explain", "missing.json"], { cwd: folder }), { code: 2, errors: /cannot be read/ });
});
