/** Temporary rules over REST: added, listed, hidden file rules, saved, removed; no file is changed before it is asked for. */
import t, { type Test } from "tap";
import { type AdminFixture, type Reply, startAdminFixture } from "../../helpers/admin-fixture.ts";

const FILE = `# for the team
rules:
  - name: pay-risk-reject   # kept
    api: pay
    result: RISK_REJECT
`;

async function started(t: Test, rules = FILE): Promise<AdminFixture & { post(path: string, body?: object): Promise<Reply> }> {
  const fixture = await startAdminFixture({ rules });
  t.teardown(() => fixture.admin.stop());
  return { ...fixture, post: (path, body = {}) => fixture.ask(`/api/v1${path}`, { method: "POST", body }) };
}

const listed = async ({ ask }: AdminFixture): Promise<string[]> =>
  (await ask("/api/v1/rules")).json.rules.map(
    (rule: { name: string; layer: string; phase: string }) => `${rule.layer} ${rule.name} ${rule.phase}`,
  );

t.test("a temporary simulation acts before the file's, which acts again once it is removed; the file stays as it is", async (t) => {
  const fixture = await started(t);
  const { post, call, ask, rules } = fixture;
  const armed = await post("/simulations", { operation: "pay", code: "PROCESS_FAIL", duration: "30m", temporary: true });
  t.match(armed, { status: 200, json: { name: "pay-process-fail", layer: "temporary", phase: "running", durationMs: 1_800_000 } });
  t.same(await listed(fixture), ["temporary pay-process-fail running", "files pay-risk-reject running"]);
  t.equal((await call()).resultCode, "PROCESS_FAIL");
  t.equal((await post("/rules/pay-process-fail/stop")).status, 200);
  t.equal((await call()).resultCode, "RISK_REJECT");
  t.equal((await post("/rules/pay-process-fail/rearm")).status, 200);
  t.equal((await call()).resultCode, "PROCESS_FAIL");
  t.equal((await ask("/api/v1/rules/pay-process-fail", { method: "DELETE" })).status, 200);
  t.equal((await call()).resultCode, "RISK_REJECT");
  t.equal(rules(), FILE);
});

t.test("temporary simulations of one API end each other; the same one begins anew with another duration, under its name", async (t) => {
  const fixture = await started(t, "rules: []\n");
  const { post, call } = fixture;
  await post("/simulations", { operation: "pay", code: "RISK_REJECT", temporary: true });
  await post("/simulations", { operation: "pay", code: "PROCESS_FAIL", temporary: true });
  t.same(await listed(fixture), ["temporary pay-process-fail running", "temporary pay-risk-reject stopped"]);
  const again = await post("/simulations", { operation: "pay", code: "RISK_REJECT", duration: "5m", temporary: true });
  t.match(again.json, { name: "pay-risk-reject", phase: "running", durationMs: 300_000 });
  t.same(await listed(fixture), ["temporary pay-process-fail stopped", "temporary pay-risk-reject running"]);
  t.equal((await call()).resultCode, "RISK_REJECT");
});

t.test("a simulation written into the file ends the temporary one of its API", async (t) => {
  const fixture = await started(t, "rules: []\n");
  const { post, call, rules } = fixture;
  await post("/simulations", { operation: "pay", code: "RISK_REJECT", temporary: true });
  t.match((await post("/simulations", { operation: "pay", code: "PROCESS_FAIL" })).json, { layer: "files", phase: "running" });
  t.same(await listed(fixture), ["temporary pay-risk-reject stopped", "files pay-process-fail running"]);
  t.equal((await call()).resultCode, "PROCESS_FAIL");
  t.notMatch(rules(), /RISK_REJECT/);
});

t.test("temporary simulations that are asked for at once leave one running", async (t) => {
  const fixture = await started(t, "rules: []\n");
  const codes = ["RISK_REJECT", "PROCESS_FAIL", "FRAUD_REJECT", "RISK_REJECT"];
  const armed = await Promise.all(codes.map((code) => fixture.post("/simulations", { operation: "pay", code, temporary: true })));
  t.same(
    armed.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const phases = (await listed(fixture)).map((line) => line.split(" ").at(-1)).toSorted();
  t.same(phases, ["running", "stopped", "stopped"], "three rules for the three codes");
});

t.test("a temporary rule hides the file's rule of its name, which the list names, until it is removed", async (t) => {
  const fixture = await started(t);
  const { post, ask, call, folder } = fixture;
  t.equal((await post("/rules", { yaml: "name: pay-risk-reject\napi: pay\nresult: FRAUD_REJECT", temporary: true })).status, 200);
  t.match((await ask("/api/v1/rules")).json, {
    total: 1,
    rules: [{ name: "pay-risk-reject", layer: "temporary", file: "temporary rule", hides: `${folder}/rules.yaml:3` }],
  });
  t.equal((await call()).resultCode, "FRAUD_REJECT");
  t.match(await post("/rules/pay-risk-reject/save"), {
    status: 409,
    json: { error: /rules\.yaml:3 has a rule `pay-risk-reject` already/ },
  });
  t.match(await post("/simulations", { operation: "pay", code: "RISK_REJECT" }), {
    status: 409,
    json: { error: /a temporary rule hides `pay-risk-reject`/ },
  });
  await ask("/api/v1/rules/pay-risk-reject", { method: "DELETE" });
  t.equal((await call()).resultCode, "RISK_REJECT");
});

t.test("a temporary rule is saved with its comments, and its window and tallies go on", async (t) => {
  const fixture = await started(t);
  const { post, call, rules, ask } = fixture;
  const yaml = "- name: mine # for a while\n  api: pay\n  # once is enough\n  times: 1 # really\n  result: PROCESS_FAIL";
  t.equal((await post("/rules", { yaml, temporary: true })).status, 200);
  t.equal((await call()).resultCode, "PROCESS_FAIL");
  t.equal((await post("/rules/mine/save")).status, 200);
  t.equal(
    rules(),
    FILE.replace(
      "rules:\n",
      "rules:\n  - name: mine # for a while\n    api: pay\n    # once is enough\n    times: 1 # really\n    result: PROCESS_FAIL\n",
    ),
  );
  t.match((await ask("/api/v1/rules")).json, {
    total: 2,
    rules: [{ name: "mine", layer: "files", firings: 1 }, { name: "pay-risk-reject" }],
  });
  t.equal((await call()).resultCode, "RISK_REJECT", "it had fired once already");
  t.match(await post("/rules/mine/save"), { status: 409, json: { error: /`mine` is not a temporary rule; change it at .*rules\.yaml:3/ } });
});

t.test(
  "a file that is reloaded or rejected leaves the temporary layer alone, and saving into it is refused while it is wrong",
  async (t) => {
    const fixture = await started(t);
    const { post, call, save, rules, store } = fixture;
    await post("/rules", { yaml: "name: mine\napi: pay\nresult: PROCESS_FAIL", temporary: true });
    await save("rules: []\n");
    t.same(await listed(fixture), ["temporary mine running"]);
    await save("rules: 5\n");
    t.equal((await call()).resultCode, "PROCESS_FAIL");
    const refused = await post("/rules/mine/save");
    t.equal(refused.status, 409);
    t.equal(rules(), "rules: 5\n");
    await post("/rules", { yaml: "name: more\napi: refund\nresult: PROCESS_FAIL", temporary: true });
    t.same(await listed(fixture), ["temporary more running", "temporary mine running"]);
    t.equal(store.problems().length, 1, "a temporary rule mends no file");
  },
);

t.test("what cannot be done with temporary rules is refused with what would be right", async (t) => {
  const fixture = await started(t);
  const { post, ask, rules } = fixture;
  const yaml = "name: mine\napi: pay\nresult: PROCESS_FAIL";
  await post("/rules", { yaml, temporary: true });
  for (const temporary of [true, false])
    t.match(await post("/rules", { yaml, temporary }), { status: 409, json: { error: /`mine` is taken by a temporary rule; remove/ } });
  t.match(await post("/rules", { yaml: "name: x\napi: pay\nresult: RISK_REJCT", temporary: true }), {
    status: 422,
    json: { problems: [{ file: "new rule", line: 4, remedy: /RISK_REJECT/ }] },
  });
  t.match(await post("/rules", { yaml: "- {api: pay, abort: reset}\n- {api: refund, abort: reset}", temporary: true }), {
    status: /4\d\d/,
  });
  t.equal((await ask("/api/v1/rules/none", { method: "DELETE" })).status, 404);
  t.match(await ask("/api/v1/rules/pay-risk-reject", { method: "DELETE" }), { status: 409, json: { error: /not a temporary rule/ } });
  t.equal((await post("/rules/none/save")).status, 404);
  t.equal(rules(), FILE);
});
