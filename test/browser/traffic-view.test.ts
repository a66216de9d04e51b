/** The view Traffic in a real Chromium. */
import { decision, injectedRecord, response } from "../helpers/call-record.ts";
import { holdRequests, openStage, RULES, RUNNING_RULES } from "../helpers/page-scene.ts";

const { scene } = openStage();

/** Requests wait until `open` is called. */
const held = holdRequests();

scene("filters narrow the list, a pause holds it, and the archive is offered", { hash: "#traffic" }, async (t, { page, call, save }) => {
  await page.getByText("No calls yet").waitFor();
  await call();
  await save(RULES.replace("active: false", "active: true"));
  await call();
  await page.locator(".outcome-injected").waitFor();
  const rows = page.locator("table.calls tbody tr");
  t.equal(await rows.count(), 2);
  await page.getByLabel("Outcome").selectOption("injected");
  t.equal(await rows.count(), 1);
  await page.getByLabel("Outcome").selectOption("");
  await page.getByRole("button", { name: "Pause" }).click();
  await call();
  await page.waitForTimeout(500);
  t.equal(await rows.count(), 2);
  await page.getByRole("button", { name: "Resume" }).click();
  await rows.nth(2).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("Download HAR").click()]);
  t.equal(download.suggestedFilename(), "antom-fault-proxy.har");
});

scene(
  "a call is sent again, copied as curl and made into a rule",
  { hash: "#traffic", expected: /status of 422/ },
  async (t, { page, call, rules, journal, admin }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: admin.origin });
    const { id } = await call({ body: Buffer.from('{"cvv":"737"}') });
    await page.goto(`${admin.origin}/#traffic/${id}`);
    await page.getByRole("button", { name: "Copy as curl this call" }).click();
    await page.getByText("Copied").first().waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    t.match(copied, /^# secrets are redacted[\s\S]*curl -X POST/);
    t.notMatch(await page.content(), /737/, "redacted on the page too");
    await page.getByRole("button", { name: "Resend" }).click();
    await page.waitForURL(/#traffic\/call-2$/);
    t.equal(journal.size.calls, 2);
    await page.getByRole("button", { name: "Make a rule of it" }).click();
    const text = page.getByLabel("YAML of the rule");
    const draft = await text.inputValue();
    await text.fill(draft.replace(/result: .*/, "result: NOPE"));
    await page.getByRole("button", { name: "Write it" }).click();
    await page.getByRole("alert").getByText("NOPE").first().waitFor();
    await text.fill(draft);
    await page.getByRole("button", { name: "Write it" }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    t.match(rules(), /when:\n {6}clientId: SANDBOX_5X/);
    t.match(rules(), "# why this one");
  },
);

scene("a flood of calls is shown in part, said so, and leaves the page usable", { hash: "#traffic" }, async (t, { page, call }) => {
  await page.getByText("No calls yet").waitFor();
  for (let n = 0; n < 2000; n += 1) await call();
  await page.getByText(/calls? came too fast/).waitFor();
  await page.getByRole("button", { name: "Load the kept ones" }).click();
  await page.getByText(/came too fast/).waitFor({ state: "detached" });
  t.ok((await page.locator("table.calls tbody tr").count()) <= 200);
});

scene(
  "an address with a broken escape opens the view, not a blank page",
  { hash: "#traffic/%", expected: /status of 404/ },
  async (t, { page }) => {
    await page.getByRole("heading", { name: /^Traffic/ }).waitFor();
    await page.getByRole("alert").getByText("there is no call").waitFor();
    await page.getByRole("button", { name: "Close the call" }).click();
    t.match(page.url(), /#traffic$/);
  },
);

scene(
  "while the kept calls are slow to load, the page does not claim that there are none",
  { hash: "#connect", before: async (page) => void (await page.route("**/api/v1/calls?*", held.wait)) },
  async (t, { page, call }) => {
    await page.getByText("Live").waitFor();
    await page.getByRole("link", { name: "Traffic" }).click();
    await page.getByText("Loading the kept calls").waitFor();
    t.equal(await page.getByText("No calls yet").count(), 0);
    await call();
    const rows = page.locator("table.calls tbody tr");
    await rows.first().waitFor();
    held.open();
    await page.getByText("Loading the kept calls").waitFor({ state: "detached" });
    t.equal(await rows.count(), 1, "a call that came meanwhile is listed once");
  },
);

scene(
  "calls that cannot be read or cleared are said so",
  {
    hash: "#traffic",
    expected: /status of 500/,
    before: async (page) =>
      void (await page.route("**/api/v1/calls?*", (route) => route.fulfill({ status: 500, json: { error: "no memory" } }))),
  },
  async (t, { page, call }) => {
    await page.getByText("The kept calls are unknown").waitFor();
    t.equal((await page.getByRole("heading", { level: 1 }).textContent())?.trim(), "Traffic", "no count");
    t.equal(await page.getByText("No calls yet").count(), 0);
    await page.unroute("**/api/v1/calls?*");
    await page.getByText("No calls yet").waitFor();
    const { id } = await call();
    const rows = page.locator("table.calls tbody tr");
    await rows.first().waitFor();
    await page.route("**/api/v1/calls", (route) => route.fulfill({ status: 500, json: { error: "no room" } }));
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("alert").getByText("no room").waitFor();
    t.equal(await rows.count(), 1);
    await page.unroute("**/api/v1/calls");
    await page.getByRole("button", { name: "Clear" }).click();
    await rows.first().waitFor({ state: "detached" });
    t.equal(await page.getByRole("alert").count(), 0);
    t.type(id, "string");
  },
);

scene(
  "a command that cannot be made for the clipboard is said so",
  { hash: "#traffic", expected: /status of 500/ },
  async (t, { page, call, admin }) => {
    const { id } = await call();
    await page.goto(`${admin.origin}/#traffic/${id}`);
    await page.route("**/curl", (route) => route.fulfill({ status: 500, json: { error: "no memory" } }));
    await page.getByRole("button", { name: "Copy as curl this call" }).click();
    await page.getByText("no memory").first().waitFor();
    t.equal(await page.getByText(/^Copied$/).count(), 0);
  },
);

scene(
  "an open call says first what was decided, and what would happen now when asked",
  { hash: "#traffic", rules: RUNNING_RULES },
  async (t, opened) => {
    const { page, call, save, admin } = opened;
    const { id } = await call();
    await save(RULES);
    await page.goto(`${admin.origin}/#traffic/${id}`);
    const why = page.locator(".why");
    await why.waitFor();
    t.match(await why.locator("p").first().textContent(), /pay-risk-reject acted/);
    const now = page.getByText("switched off (active: false)");
    t.equal(await now.isVisible(), false);
    await page.getByText("What would happen now").click();
    await now.waitFor();
  },
);

scene(
  "a call that was cut shows what was sent, not what was made, in the list and when opened",
  { hash: "#traffic" },
  async (t, opened) => {
    const { page, journal, admin } = opened;
    const rule = { ...decision("pay-cut"), step: 2, firing: 3, action: "cuts the answer" };
    journal.observe(
      injectedRecord({ id: "cut", rule, durationMs: 4012, deliveryMs: 4000, delivery: "truncate", deliveryEnd: "cut", sentBytes: 40 }),
    );
    const row = page.locator("table.calls tbody tr").first();
    await row.getByText("cut off").waitFor();
    t.match(await row.textContent(), /by pay-cut: cuts the answer[\s\S]*4\.01 s/);
    await page.goto(`${admin.origin}/#traffic/cut`);
    const pane = page.locator(".detail");
    await pane.getByText("pay-cut acted: it cuts the answer.").waitFor();
    t.match(await pane.textContent(), /Step 2, firing 3, rules version v1/);
    t.match(await pane.textContent(), /truncate, cut off by the proxy, 40 of 81 bytes, in 4\.00 s/);
    t.match(await pane.textContent(), /81 bytes, of which 40 were sent/);
  },
);

scene(
  "an answer that is not the JSON it claims to be is said so, another is not",
  { hash: "#traffic" },
  async (t, { page, journal, admin }) => {
    const note = page.locator(".message", { hasText: "Sent" }).getByText("not valid JSON");
    journal.observe(injectedRecord({ id: "broken", response: response({ body: Buffer.from('{"result":{"resultCode":"SUCCESS"}') }) }));
    journal.observe(injectedRecord({ id: "sound" }));
    await page.goto(`${admin.origin}/#traffic/broken`);
    await note.waitFor();
    await page.goto(`${admin.origin}/#traffic/sound`);
    await note.waitFor({ state: "detached" });
    await page.getByText("resultMessage").waitFor();
    t.equal(await note.count(), 0);
  },
);
