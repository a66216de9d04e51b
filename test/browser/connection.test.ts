/** The page while the proxy is away, and its login, in a real Chromium. */
import type { Page } from "playwright-core";
import t from "tap";
import { startAdminFixture } from "../helpers/admin-fixture.ts";
import { here, openStage, RULES } from "../helpers/page-scene.ts";

const { scene, browser, pageFolder } = openStage();

t.test("the page says when the proxy is gone, and goes on when it is back", here, async (t) => {
  const fixture = await startAdminFixture({ rules: RULES, admin: { pageFolder: pageFolder() } });
  const page = await browser().newPage();
  await page.goto(fixture.admin.origin);
  await page.getByText("Live").waitFor();
  await fixture.admin.stop();
  await page.getByText("Connection lost").waitFor();
  const again = await startAdminFixture({ rules: RULES, admin: { pageFolder: pageFolder(), port: fixture.admin.port } });
  await page.getByText("Live").waitFor({ timeout: 20_000 });
  t.equal(await page.getByText("Connection lost").count(), 0);
  await page.close();
  await again.admin.stop();
});

scene("off loopback the page asks for the token once", { hash: "", admin: { host: "0.0.0.0", token: "right" } }, async (t, { page }) => {
  t.match(page.url(), /\/login$/);
  await page.getByLabel("Token").fill("right");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Live").waitFor();
});

t.test("after a restart the page asks for the token, and goes on where it was", here, async (t) => {
  const admin = { pageFolder: pageFolder(), token: "right" };
  const fixture = await startAdminFixture({ rules: RULES, admin });
  const page = await browser().newPage();
  t.teardown(() => page.close());
  await page.goto(`${fixture.admin.origin}/#traffic`);
  await logIn(page);
  await page.getByText("Live").waitFor();
  await page.getByRole("heading", { name: /^Traffic/ }).waitFor();
  t.match(page.url(), /\/#traffic$/, "the login leads to the view that was asked for");
  await fixture.admin.stop();
  await page.getByText("Connection lost").waitFor();
  const again = await startAdminFixture({ rules: RULES, admin: { ...admin, port: fixture.admin.port } });
  t.teardown(() => again.admin.stop());
  let visits = 0;
  page.on("framenavigated", (frame) => {
    if (new URL(frame.url()).pathname === "/login") visits += 1;
  });
  await logIn(page);
  await page.getByText("Live").waitFor();
  await page.getByRole("heading", { name: /^Traffic/ }).waitFor();
  t.equal(visits, 1, "asked once");
});

scene(
  "a log-out that fails is said so, and leaves the page open",
  { hash: "#traffic", admin: { token: "right" }, expected: /ERR_FAILED/ },
  async (t, { page }) => {
    await logIn(page);
    await page.route("**/logout", (route) => route.abort());
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("alert").getByText("the proxy does not answer").waitFor();
    t.match(page.url(), /#traffic$/);
    await page.unroute("**/logout");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Token").waitFor();
  },
);

scene(
  "where the state of the proxy cannot be read, the page says so instead of leaving it out",
  {
    hash: "#connect",
    expected: /status of 500/,
    before: async (page) =>
      void (await page.route(/api\/v1\/(status|connect)/, (route) => route.fulfill({ status: 500, json: { error: "no memory" } }))),
  },
  async (t, { page }) => {
    await page.getByText("This proxy’s addresses and key are unknown").waitFor();
    await page.getByText("What arrived so far is unknown").waitFor();
    await page.getByText("where it forwards to is unknown").waitFor();
    t.equal(await page.getByText("Nothing yet").count(), 0);
    await page.unroute(/api\/v1\/(status|connect)/);
    await page.getByRole("heading", { name: "This proxy" }).waitFor();
    await page.getByText("Nothing yet").waitFor();
  },
);

/** Fills in the login form. */
async function logIn(page: Page): Promise<void> {
  await page.getByLabel("Token").fill("right");
  await page.getByRole("button", { name: "Log in" }).click();
}
