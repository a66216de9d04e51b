/** The view Simulate in a real Chromium, on real rules files. */
import { holdRequests, openStage, RULES, RUNNING_RULES } from "../helpers/page-scene.ts";

const { scene } = openStage();

/** Requests wait until `open` is called. */
const held = holdRequests();

scene(
  "a simulation is switched on, seen to act, opened, extended and stopped; the file keeps its comments",
  { hash: "#simulate" },
  async (t, { page, call, rules }) => {
    await page.getByRole("combobox", { name: "API" }).click();
    await page.keyboard.type("pay");
    await page.getByRole("option", { name: /^pay / }).click();
    await page.getByRole("radio", { name: /^RISK_REJECT/ }).check();
    await page.getByText("60 min").click();
    await page.getByRole("button", { name: "Switch on RISK_REJECT" }).click();
    const card = page.locator(".rule.running", { hasText: "RISK_REJECT" });
    await card.waitFor();
    t.match(await card.textContent(), /F failure/);
    t.equal(rules(), RULES.replace("active: false # off", "active: true # off").replace("30m", "1h"));

    await page.getByRole("link", { name: "Traffic" }).click();
    const { id } = await call();
    const row = page.locator("table.calls tbody tr").first();
    await row.getByText("injected").waitFor();
    t.match(await row.textContent(), /pay[\s\S]*injected[\s\S]*RISK_REJECT/);
    await row.getByRole("link", { name: "pay" }).click();
    await page.getByRole("heading", { name: "pay", exact: true }).waitFor();
    t.match(new URL(page.url()).hash, `#traffic/${id}`);
    await page.getByText("What would happen now").click();
    await page.getByText("would act").waitFor();
    t.match(await page.locator(".detail").textContent(), /it was not called[\s\S]*RISK_REJECT/);

    await page.getByRole("link", { name: "Simulate" }).click();
    await page.getByText("1 firing", { exact: false }).waitFor();
    await page.getByRole("button", { name: "+30 min for pay-risk-reject" }).click();
    await card.getByText(/^1:2\d:\d\d$/).waitFor();
    await page.getByRole("button", { name: "Stop pay-risk-reject" }).click();
    await page.getByRole("button", { name: "Re-arm pay-risk-reject" }).waitFor();
    t.equal(rules(), RULES.replace("30m", "1h"), "off again, comments kept");
    t.match(await call(), { outcome: "forwarded" });
  },
);

scene("all of it works by keyboard alone", { hash: "#simulate" }, async (t, { page, call }) => {
  await page.getByRole("combobox", { name: "API" }).focus();
  await page.keyboard.type("inquiryPayment");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("UNKNOWN_EXC");
  await page.getByRole("radio", { name: /^UNKNOWN_EXCEPTION/ }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(".rule.running", { hasText: "UNKNOWN_EXCEPTION" }).waitFor();
  t.match(await page.locator(".rule.running", { hasText: "UNKNOWN_EXCEPTION" }).textContent(), /(1:00:00|59:\d\d)/);
  await call();
  await page.goto(`${page.url().split("#")[0]}#traffic`);
  await page.getByRole("link", { name: "pay", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "pay", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
});

scene("a broken file shows its banner, and a mended one takes it away", { hash: "#simulate" }, async (t, { page, save }) => {
  await page.getByRole("heading", { name: "Running" }).waitFor();
  await save(RULES.replace("RISK_REJECT", "RISK_REJET"));
  const banner = page.getByRole("alert");
  await banner.waitFor();
  t.match(await banner.textContent(), /rules\.yaml:8:13[\s\S]*did you mean RISK_REJECT[\s\S]*\^\^\^/);
  await save(RULES);
  await banner.waitFor({ state: "detached" });
});

scene(
  "while the rules are slow to load, the page does not claim that nothing is simulated",
  { hash: "#simulate", rules: RUNNING_RULES, before: async (page) => void (await page.route("**/api/v1/rules", held.wait)) },
  async (t, { page }) => {
    await page.getByText("Live").waitFor();
    await page.getByText("Loading the rules").waitFor();
    t.equal(await page.getByText(/No rule is running|Nothing is simulated/).count(), 0);
    held.open();
    await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor();
    t.equal(await page.getByText("Loading the rules").count(), 0);
  },
);

scene(
  "where the rules cannot be read, the page says why, and shows them once they can be",
  {
    hash: "#simulate",
    rules: RUNNING_RULES,
    expected: /status of 500/,
    before: async (page) =>
      void (await page.route("**/api/v1/rules", (route) => route.fulfill({ status: 500, json: { error: "no memory" } }))),
  },
  async (t, { page }) => {
    const note = page.getByRole("alert").filter({ hasText: "The rules are unknown" });
    await note.waitFor();
    t.match(await note.textContent(), /no memory/);
    t.equal(await page.getByText(/No rule is running|Nothing is simulated/).count(), 0);
    await page.unroute("**/api/v1/rules");
    await note.getByRole("button", { name: "Try again" }).click();
    await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor();
    await note.waitFor({ state: "detached" });
  },
);

scene(
  "rules that were known before a failure stay on the page, with the time they are from",
  { hash: "#simulate", rules: RUNNING_RULES, expected: /status of 500/ },
  async (t, { page, save }) => {
    await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor();
    await page.route("**/api/v1/rules", (route) => route.fulfill({ status: 500, json: { error: "no memory" } }));
    await save(RULES);
    await page.getByText(/as of \d\d:\d\d:\d\d/).waitFor();
    t.equal(await page.locator(".rule.running", { hasText: "RISK_REJECT" }).count(), 1);
    await page.unroute("**/api/v1/rules");
    await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor({ state: "detached" });
    await page.getByText(/as of \d\d:\d\d:\d\d/).waitFor({ state: "detached" });
  },
);

scene(
  "an API's codes and the list of APIs that cannot be read are said to be unknown",
  {
    hash: "#simulate",
    expected: /status of 500/,
    before: async (page) =>
      void (await page.route(/\/api\/v1\/operations/, (route) => route.fulfill({ status: 500, json: { error: "no memory" } }))),
  },
  async (t, { page }) => {
    await page.getByText("The APIs are unknown").waitFor();
    await page.unroute(/\/api\/v1\/operations/);
    await page.route(/\/codes$/, (route) => route.fulfill({ status: 200, body: "<html>" }));
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.getByText("The result codes are unknown").waitFor();
    t.match(await page.getByRole("alert").textContent(), /cannot be read/);
    await page.unroute(/\/codes$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("radio", { name: /^RISK_REJECT/ }).waitFor();
  },
);

scene("a name typed whole is picked by Enter, whatever else begins with it", { hash: "#simulate" }, async (t, { page }) => {
  const picker = page.getByRole("combobox", { name: "API" });
  for (const name of ["pay", "refund", "cancel", "capture"]) {
    await picker.fill(name);
    await page.keyboard.press("Enter");
    t.equal(await picker.inputValue(), name);
    t.equal(await page.getByRole("listbox").count(), 0);
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  t.equal(await picker.inputValue(), "capture", "opened and closed without typing, the choice stays");
});
