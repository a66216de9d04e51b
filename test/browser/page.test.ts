/** The page in a real Chromium, on real rules files. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import t, { type Test } from "tap";
import { type AdminFixture, type FixtureOptions, startAdminFixture } from "../helpers/admin-fixture.ts";
import { buildPage, needsBrowser, openBrowser } from "../helpers/browser.ts";

const RULES = `# my rules
rules:
  # why this one
  - name: pay-risk-reject
    api: pay
    active: false # off for now
    duration: 30m
    result: RISK_REJECT
  - name: slow-refunds
    description: refunds take their time
    api: refund
    active: true
    delay: 2s
`;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let pageFolder: URL;

t.setTimeout(240_000);

const here = needsBrowser();

t.before(async () => {
  if (here.skip !== false) return;
  browser = await openBrowser();
  pageFolder = await buildPage();
});

interface Opened extends AdminFixture {
  readonly page: Page;
}

interface SceneOptions extends FixtureOptions {
  /** Where the page opens. */
  readonly hash: string;
  readonly width?: number;
  readonly dark?: boolean;
  /** A console error that belongs to the scene. */
  readonly expected?: RegExp;
}

/** A test with the page open; whatever the console complains of fails it. */
function scene(name: string, options: SceneOptions, play: (t: Test, opened: Opened) => Promise<void>): void {
  void t.test(name, here, async (t) => {
    const { hash, width = 1600, dark = false, expected = /^$/, admin, ...rest } = options;
    const fixture = await startAdminFixture({ rules: RULES, ...rest, admin: { pageFolder, ...admin } });
    const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme: dark ? "dark" : "light" });
    page.setDefaultTimeout(10_000);
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    t.teardown(async () => {
      await page.close();
      await fixture.admin.stop();
    });
    await page.goto(`${fixture.admin.origin}/${hash}`);
    await play(t, { ...fixture, page });
    t.strictSame(complaints, [], "no console error");
  });
}

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

scene("the set-up lines carry this proxy's address, key and the client id typed", { hash: "#connect" }, async (t, { page, call }) => {
  await page.getByText("Nothing yet").waitFor();
  await page.getByRole("tab", { name: "go" }).click();
  await page.getByLabel("Client id").fill("SANDBOX_MINE");
  await page.getByText("SANDBOX_MINE").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  t.equal(await page.getByRole("tab", { name: "dotnet" }).getAttribute("aria-selected"), "true");
  await call();
  await page.getByText("in order").waitFor();
});

t.test("the page says when the proxy is gone, and goes on when it is back", here, async (t) => {
  const fixture = await startAdminFixture({ rules: RULES, admin: { pageFolder } });
  const page = await browser.newPage();
  await page.goto(fixture.admin.origin);
  await page.getByText("Live").waitFor();
  await fixture.admin.stop();
  await page.getByText("Connection lost").waitFor();
  const again = await startAdminFixture({ rules: RULES, admin: { pageFolder, port: fixture.admin.port } });
  await page.getByText("Live").waitFor({ timeout: 20_000 });
  await page.close();
  await again.admin.stop();
  t.pass("it came back");
});

scene("off loopback the page asks for the token once", { hash: "", admin: { host: "0.0.0.0", token: "right" } }, async (t, { page }) => {
  t.match(page.url(), /\/login$/);
  await page.getByLabel("Token").fill("right");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Live").waitFor();
});

scene("a flood of calls is shown in part, said so, and leaves the page usable", { hash: "#traffic" }, async (t, { page, call }) => {
  await page.getByText("No calls yet").waitFor();
  for (let n = 0; n < 2000; n += 1) await call();
  await page.getByText(/calls? came too fast/).waitFor();
  await page.getByRole("button", { name: "Load the kept ones" }).click();
  await page.getByText(/came too fast/).waitFor({ state: "detached" });
  t.ok((await page.locator("table.calls tbody tr").count()) <= 200);
});

for (const width of [380, 1600]) {
  for (const dark of [false, true]) {
    scene(
      `axe finds nothing serious, and nothing overflows, at ${width} px, ${dark ? "dark" : "light"}`,
      { hash: "#simulate", width, dark },
      async (t, { page, call, save }) => {
        await save(RULES.replace("active: false", "active: true"));
        const { id } = await call();
        const seen: readonly (readonly [string, string])[] = [
          ["#simulate", ".rule.running"],
          ["#traffic", ".calls"],
          [`#traffic/${id}`, ".explanations li"],
          ["#connect", "#sdk-panel pre"],
        ];
        for (const [hash, sign] of seen) {
          await page.goto(`${page.url().split("#")[0]}${hash}`);
          await page.locator(sign).first().waitFor();
          t.strictSame(await faultsOf(page), [], hash);
          t.ok(
            await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            `${hash} does not scroll sideways`,
          );
        }
      },
    );
  }
}

/** Serious and critical findings. The page's own policy forbids to add a script, so it is evaluated. */
async function faultsOf(page: Page): Promise<unknown[]> {
  await page.evaluate(AXE);
  const found: { violations: { id: string; impact: string; nodes: { html: string }[] }[] } = await page.evaluate("axe.run()");
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}

t.test("the first view is under 100 kB compressed, and asks no other host", here, async (t) => {
  const fixture = await startAdminFixture({ rules: RULES, admin: { pageFolder } });
  const page = await browser.newPage();
  const asked: string[] = [];
  let bytes = 0;
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  page.on("response", async (response) => {
    if (response.url().endsWith("/stream")) return;
    bytes += (await response.request().sizes()).responseBodySize;
  });
  await page.goto(fixture.admin.origin);
  await page.locator(".code-row").first().waitFor();
  await page.close();
  await fixture.admin.stop();
  t.strictSame([...new Set(asked)], [fixture.admin.origin]);
  t.ok(bytes > 1000 && bytes < 100_000, `${bytes} bytes`);
});

t.test("the browser closes", here, async (t) => {
  await browser.close();
  t.pass("nothing keeps the process");
});
