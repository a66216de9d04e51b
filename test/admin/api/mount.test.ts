/** The REST interface as the page and scripts use it, over real sockets and real rules files. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { parse } from "yaml";
import { apiRoutes } from "../../../src/admin/api/mount.ts";
import { type AdminFixture, type FixtureOptions, startAdminFixture } from "../../helpers/admin-fixture.ts";
import { createStillClock } from "../../helpers/fake-clock.ts";

const RULES = `# my rules
rules:
  # why this one
  - name: pay-risk-reject
    api: pay
    active: false # off for now
    duration: 30m
    result: RISK_REJECT
  - name: slow-refunds
    api: refund
    active: false
    delay: 2s
`;

async function start(t: Test, options: FixtureOptions = {}): Promise<AdminFixture> {
  const fixture = await startAdminFixture({ rules: RULES, ...options });
  t.teardown(() => fixture.admin.stop());
  return fixture;
}

t.test("a simulation is switched on in the file, acts on the next call, and is switched off again", async (t) => {
  const { ask, call, rules } = await start(t);
  const armed = await ask("/api/v1/simulations", { method: "POST", body: { operation: "pay", code: "RISK_REJECT", duration: "1h" } });
  t.match(armed, {
    status: 200,
    json: { name: "pay-risk-reject", phase: "running", simulation: { operation: "pay", code: "RISK_REJECT", status: "F" } },
  });
  t.equal(armed.json.endsAtMs - armed.json.startsAtMs, 3_600_000);
  t.equal(rules(), RULES.replace("active: false # off", "active: true # off").replace("30m", "1h"), "nothing else of the file changes");
  t.match(await call(), { outcome: "injected", resultCode: "RISK_REJECT" });
  t.equal((await ask("/api/v1/rules")).json.rules[0].firings, 1);
  t.match(await ask("/api/v1/rules/pay-risk-reject/stop", { method: "POST" }), { status: 200 });
  t.equal(rules(), RULES.replace("30m", "1h"));
  t.match(await call(), { outcome: "forwarded" });
});

t.test("a code that no rule has yet is added before all others, and takes the place of what ran for that API", async (t) => {
  const { ask, call, rules } = await start(t);
  await ask("/api/v1/simulations", { method: "POST", body: { operation: "pay", code: "RISK_REJECT" } });
  const armed = await ask("/api/v1/simulations", {
    method: "POST",
    body: { operation: "pay", code: "USER_BALANCE_NOT_ENOUGH", duration: "30m" },
  });
  t.match(armed, { status: 200, json: { name: "pay-user-balance-not-enough" } });
  t.match(parse(rules()).rules, [
    { name: "pay-user-balance-not-enough", api: "pay", active: true, duration: "30m", result: "USER_BALANCE_NOT_ENOUGH" },
    { name: "pay-risk-reject", active: false },
    { name: "slow-refunds" },
  ]);
  t.equal(parse(rules()).rules[1].duration, undefined, "until switched off has no duration");
  t.match(rules(), "# why this one");
  t.match(await call(), { resultCode: "USER_BALANCE_NOT_ENOUGH" });
});

t.test("an ended or stopped simulation is re-armed, a running one extended", async (t) => {
  let nowMs = 1_800_000_000_000;
  const { ask, call, rules } = await start(t, { clock: createStillClock(() => nowMs) });
  await ask("/api/v1/simulations", { method: "POST", body: { operation: "pay", code: "RISK_REJECT", duration: "30m" } });
  const extended = await ask("/api/v1/rules/pay-risk-reject/extend", { method: "POST", body: { by: "30m" } });
  t.equal(extended.json.endsAtMs, nowMs + 3_600_000);
  nowMs += 3_700_000;
  t.match((await ask("/api/v1/rules")).json.rules[0], { phase: "ended" });
  t.match(await call(), { outcome: "forwarded" });
  t.match(await ask("/api/v1/rules/pay-risk-reject/extend", { method: "POST", body: { by: "30m" } }), { status: 409 });
  t.match(await ask("/api/v1/rules/pay-risk-reject/rearm", { method: "POST" }), {
    status: 200,
    json: { phase: "running", endsAtMs: nowMs + 1_800_000 },
  });
  t.match(await call(), { outcome: "injected" });
  await ask("/api/v1/rules/pay-risk-reject/stop", { method: "POST" });
  t.match(await ask("/api/v1/rules/pay-risk-reject/rearm", { method: "POST" }), { status: 200, json: { phase: "running" } });
  t.match(rules(), "active: true # off for now");
});

t.test("rules that are no simulations are stopped and re-armed without touching their file", async (t) => {
  const text = RULES.replace("active: false\n    delay", "active: true\n    delay");
  const { ask, rules } = await start(t, { rules: text });
  t.match((await ask("/api/v1/rules")).json.rules[1], { name: "slow-refunds", phase: "running", simulation: undefined });
  t.match(await ask("/api/v1/rules/slow-refunds/stop", { method: "POST" }), { status: 200 });
  t.match((await ask("/api/v1/rules")).json.rules[1], { phase: "stopped" });
  t.match(await ask("/api/v1/rules/slow-refunds/stop", { method: "POST" }), { status: 409 });
  t.match(await ask("/api/v1/rules/slow-refunds/rearm", { method: "POST" }), { json: { phase: "running" } });
  t.equal(rules(), text);
});

t.test("a rule switched off in its file that is no simulation is not switched on by the page", async (t) => {
  const { ask } = await start(t);
  t.match(await ask("/api/v1/rules/slow-refunds/rearm", { method: "POST" }), { status: 409, json: { error: /set `active: true` there/ } });
});

t.test("what cannot be simulated is refused with what would be right", async (t) => {
  const { ask, rules } = await start(t);
  const arm = (body: unknown): ReturnType<typeof ask> => ask("/api/v1/simulations", { method: "POST", body });
  t.match(await arm({ operation: "pay", code: "RISK_REJET" }), { status: 400, json: { error: /RISK_REJECT/ } });
  t.match(await arm({ operation: "payy", code: "RISK_REJECT" }), { status: 400, json: { error: /payy/ } });
  t.match(await arm({ operation: "pay" }), { status: 400, json: { error: /wrong body/ } });
  for (const duration of ["30", "0s", "25h", "soon"])
    t.match(await arm({ operation: "pay", code: "RISK_REJECT", duration }), { status: 400 }, duration);
  t.match(await ask("/api/v1/rules/nobody/stop", { method: "POST" }), { status: 404 });
  t.equal(rules(), RULES);
});

t.test("a broken file is told with its code frame, kept as it is, and mended by hand", async (t) => {
  const { ask, save, rules } = await start(t);
  await save(RULES.replace("RISK_REJECT", "RISK_REJET"));
  const listed = await ask("/api/v1/rules");
  t.match(listed.json, { rules: [{ name: "pay-risk-reject" }, {}], problems: [{ line: 8, frame: /RISK_REJET/, remedy: /RISK_REJECT/ }] });
  const armed = await ask("/api/v1/simulations", { method: "POST", body: { operation: "refund", code: "REFUND_IN_PROCESS" } });
  t.match(armed, { status: 422, json: { error: /nothing was written/, problems: [{ line: Number }] } });
  t.match(rules(), "RISK_REJET");
  t.notMatch(rules(), "REFUND_IN_PROCESS");
  await save(RULES);
  t.strictSame((await ask("/api/v1/rules")).json.problems, []);
});

t.test("a simulation is stopped although its file has a mistake, and the answer says that the file was not changed", async (t) => {
  const running = RULES.replace("active: false # off", "active: true # off");
  const { ask, save, rules, call } = await start(t, { rules: running });
  const broken = running.replace("delay: 2s", "dellay: 2s");
  await save(broken);
  const stop = (): ReturnType<typeof ask> => ask("/api/v1/rules/pay-risk-reject/stop", { method: "POST" });
  t.match(await stop(), { status: 200, json: { stillActive: { file: /rules\.yaml$/, line: 4, because: /nothing was written/ } } });
  t.equal(rules(), broken);
  t.match((await ask("/api/v1/rules")).json.rules[0], { phase: "stopped" });
  t.match(await call(), { outcome: "forwarded" });
  t.match(await stop(), { status: 409, json: { error: /not running/ } });
  await save(running);
  t.match(await call(), { outcome: "forwarded" }, "mending the file does not start it again");
  t.match(await ask("/api/v1/rules/pay-risk-reject/rearm", { method: "POST" }), { status: 200, json: { phase: "running" } });
  t.strictSame((await stop()).json, {}, "switched off in the file");
  t.equal(rules(), RULES);
});

t.test("a rule that has acted as often as it may is spent until it is re-armed, at once if need be", async (t) => {
  const { ask, call } = await start(t, { rules: "rules:\n  - {name: once, api: pay, active: true, times: 1, result: RISK_REJECT}\n" });
  t.match((await ask("/api/v1/rules")).json.rules[0], { phase: "running", firings: 0 });
  await call();
  t.match((await ask("/api/v1/rules")).json.rules[0], { phase: "spent", firings: 1 });
  t.match(await ask("/api/v1/rules/once/rearm", { method: "POST" }), { json: { phase: "running", firings: 0 } });
  t.match(await call(), { outcome: "injected" });
});

t.test("edits that come at once are all written", async (t) => {
  const { ask, rules } = await start(t);
  const codes = ["refund", "cancel", "capture", "inquiryPayment", "inquiryRefund"];
  const arms = codes.map((operation) =>
    ask("/api/v1/simulations", { method: "POST", body: { operation, code: "UNKNOWN_EXCEPTION", duration: "30m" } }),
  );
  for (const armed of await Promise.all(arms)) t.equal(armed.status, 200, armed.text);
  t.strictSame(
    new Set(
      parse(rules())
        .rules.slice(0, 5)
        .map((rule: { api: string }) => rule.api),
    ),
    new Set(codes),
  );
});

t.test("simulations of one API that are asked for at once leave one switched on in the file", async (t) => {
  const { ask, rules } = await start(t);
  const codes = ["UNKNOWN_EXCEPTION", "PROCESS_FAIL"];
  await Promise.all(codes.map((code) => ask("/api/v1/simulations", { method: "POST", body: { operation: "refund", code } })));
  const own = parse(rules()).rules.filter(({ result }: { result: string }) => codes.includes(result));
  t.strictSame(own.map(({ active }: { active: boolean }) => active).toSorted(), [false, true]);
});

t.test("a file that cannot be written is one clear answer", async (t) => {
  const { ask, folder } = await start(t);
  // Not by permissions, which do not hold root back: where the file is to go there is a folder.
  rmSync(join(folder, "rules.yaml"));
  mkdirSync(join(folder, "rules.yaml"));
  t.match(await ask("/api/v1/simulations", { method: "POST", body: { operation: "capture", code: "PROCESS_FAIL" } }), {
    status: 503,
    json: { error: /cannot be written/ },
  });
});

t.test("a rule typed as YAML is added with its comments, its mistakes are placed", async (t) => {
  const { ask, rules } = await start(t);
  const yaml = "# slow\n- name: mine\n  api: pay   # here\n  delay: 3s\n";
  t.match(await ask("/api/v1/rules", { method: "POST", body: { yaml } }), { status: 200 });
  t.match(rules(), "rules:\n  - name: mine\n    api: pay   # here\n    delay: 3s\n  # why this one");
  t.match(await ask("/api/v1/rules", { method: "POST", body: { yaml: "name: mine\napi: pay\ndelay: 1s" } }), {
    status: 422,
    json: { problems: [{ message: /is taken/ }] },
  });
  t.match(await ask("/api/v1/rules", { method: "POST", body: { yaml: "name: x\napi: pay\nresult: NOPE" } }), {
    status: 422,
    json: { problems: [{ file: "new rule" }] },
  });
  for (const text of ["", "[", "just text", "- name: a\n- name: b"]) {
    const answer = await ask("/api/v1/rules", { method: "POST", body: { yaml: text } });
    t.ok(answer.status === 422 || answer.status === 400, `${text}: ${answer.text}`);
  }
});

t.test("calls are listed, filtered, opened, explained, drafted into a rule and sent again", async (t) => {
  const { ask, call, journal } = await start(t);
  await call();
  const secret = await call({ body: Buffer.from('{"paymentMethod":{"paymentMethodMetaData":{"cardNo":"4054695723100768","cvv":"737"}}}') });
  const { json: list } = await ask("/api/v1/calls");
  t.match(list, {
    newest: 2,
    kept: 2,
    calls: [{ id: "call-2", sequence: 2, operation: "pay", outcome: "forwarded", resultStatus: "S" }, { id: "call-1" }],
  });
  t.match((await ask("/api/v1/calls?since=1")).json.calls.length, 1);
  t.match((await ask("/api/v1/calls?outcome=injected")).json.calls.length, 0);
  t.equal((await ask("/api/v1/calls?limit=0")).status, 400);
  t.equal((await ask("/api/v1/calls?outcome=nothing")).status, 400);
  const opened = await ask(`/api/v1/calls/${secret.id}`);
  t.notMatch(opened.text, /4054695723100768|737/);
  t.match(opened.json, {
    request: { body: /0768/, bodyBytes: secret.request.body.length },
    verdict: "valid",
    upstreamMs: 10,
    response: { status: 200 },
  });
  const explained = await ask(`/api/v1/calls/${secret.id}/explain`);
  t.match(explained.json.rules, [{ rule: "pay-risk-reject", verdict: "passes", because: /switched off/ }, { rule: "slow-refunds" }]);
  t.match(
    (await ask(`/api/v1/calls/${secret.id}/curl`)).json.command,
    /^# secrets are redacted.*\ncurl -X POST --globoff --path-as-is http:\/\/127.0.0.1:8080\/ams\/sandbox/,
  );
  t.match(parse((await ask(`/api/v1/calls/${secret.id}/rule`)).json.yaml), {
    api: "pay",
    active: true,
    when: { clientId: "SANDBOX_5X00000000000000" },
    result: String,
  });
  const again = await ask(`/api/v1/calls/${secret.id}/resend`, { method: "POST" });
  t.match(again, { status: 200, json: { id: "call-3" } });
  t.strictSame(journal.entry("call-3")?.record.request, secret.request, "byte for byte, not redacted");
  t.equal((await ask("/api/v1/calls/nobody")).status, 404);
  t.match(await ask("/api/v1/calls", { method: "DELETE" }), { status: 200 });
  t.equal((await ask("/api/v1/calls")).json.kept, 0);
});

t.test("a drafted rule can be added as it is", async (t) => {
  const { ask, call } = await start(t);
  const { id } = await call();
  const { yaml } = (await ask(`/api/v1/calls/${id}/rule`)).json;
  t.match(await ask("/api/v1/rules", { method: "POST", body: { yaml } }), { status: 200 }, yaml);
  t.match(await call(), { outcome: "injected" });
});

t.test("the archive is a HAR, redacted, oldest first", async (t) => {
  const { ask, call } = await start(t);
  await call({ body: Buffer.from('{"cvv":"737"}') });
  await call();
  const har = await ask("/api/v1/calls.har");
  t.match(har.headers.get("content-disposition"), /attachment; filename="antom-fault-proxy\.har"/);
  t.notMatch(har.text, /737/);
  t.match(har.json.log, {
    version: "1.2",
    entries: [{ request: { method: "POST", postData: { text: '{"cvv":"[redacted]"}' } }, response: { status: 200 } }, {}],
  });
});

t.test("the catalogue, the set-up lines and what arrived are there", async (t) => {
  const { ask, call } = await start(t);
  const { operations } = (await ask("/api/v1/operations")).json;
  t.equal(operations.length, 160);
  t.match(
    operations.find((one: { name: string }) => one.name === "pay"),
    { group: "Payment", known: "full", codes: Number },
  );
  const { codes } = (await ask("/api/v1/operations/pay/codes")).json;
  t.match(
    codes.find((one: { code: string }) => one.code === "RISK_REJECT"),
    { status: "F", message: String, published: true },
  );
  t.equal((await ask("/api/v1/operations/notifyPayment/codes")).status, 404);
  await call({ headers: ["user-agent", "global-open-sdk-java/2.0", "client-id", "SANDBOX_5X00000000000000"] });
  const connect = (await ask("/api/v1/connect?clientId=SANDBOX_X")).json;
  t.match(
    connect.clients.map((one: { client: string }) => one.client),
    ["java", "python", "php", "go", "dotnet", "node", "curl"],
  );
  t.match(connect.clients[0].code, /SANDBOX_X/);
  t.match(connect.arrivals, [{ way: "http", userAgent: "global-open-sdk-java/2.0", calls: 1, operations: ["pay"], trouble: [] }]);
  t.match((await ask("/api/v1/status")).json, { upstream: "http://127.0.0.1:9000", standIn: true, rulesFile: /rules\.yaml$/ });
});

t.test("every route refuses a foreign Host, a foreign Origin, and, off loopback, a missing token", async (t) => {
  const { admin, ask } = await start(t, { admin: { host: "0.0.0.0", token: "right" } });
  const paths = [
    "/",
    "/metrics",
    "/api/v1/openapi.json",
    ...apiRoutes(new AbortController().signal).map((route) => `/api/v1${route.path.replace(/\{\w+\}/, "x")}`),
  ];
  t.ok(paths.length > 18);
  for (const path of new Set(paths)) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const authorization = { authorization: "Bearer right" };
      t.equal((await ask(path, { method })).status, 401, `${method} ${path} without token`);
      t.equal(
        (await ask(path, { method, headers: { ...authorization, origin: "http://evil.test" } })).status,
        403,
        `${method} ${path} foreign origin`,
      );
      t.equal(await statusWithHost(admin.port, method, path), 403, `${method} ${path} foreign host`);
    }
  }
  t.equal((await ask("/api/v1/rules", { headers: { authorization: "Bearer right" } })).status, 200);
});

t.test("writes need the JSON content type", async (t) => {
  const { ask, rules } = await start(t);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const answer = await ask("/api/v1/simulations", {
      method: "POST",
      headers: { "content-type": type },
      body: { operation: "pay", code: "RISK_REJECT" },
    });
    t.equal(answer.status, 415, type);
  }
  t.equal(rules(), RULES);
});

t.test("a browser logs in with the token and has a session", async (t) => {
  const { admin, ask } = await start(t, { admin: { host: "0.0.0.0", token: "right" } });
  const led = await ask("/", { headers: { accept: "text/html" } });
  t.match([led.status, led.headers.get("location")], [302, "/login"]);
  t.match(await ask("/login"), { status: 200, text: /<label for="token">/ });
  const login = async (token: string): Promise<Response> =>
    await fetch(`${admin.origin}/login`, { method: "POST", body: new URLSearchParams({ token }), redirect: "manual" });
  t.equal((await login("wrong")).status, 401);
  const opened = await login("right");
  t.equal(opened.status, 303);
  const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
  t.equal((await ask("/api/v1/rules", { headers: { cookie } })).status, 200);
});

async function statusWithHost(port: number, method: string, path: string): Promise<number> {
  const { request } = await import("node:http");
  return await new Promise((resolve, reject) => {
    const headers = { host: "evil.test", authorization: "Bearer right", "content-type": "application/json", "content-length": "2" };
    const call = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on("error", reject).end("{}");
  });
}
