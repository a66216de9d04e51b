/** The whole page in a real Chromium: accessibility, width, weight. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import t from "tap";
import { startAdminFixture } from "../helpers/admin-fixture.ts";
import { here, openStage, RULES } from "../helpers/page-scene.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const { scene, browser, pageFolder } = openStage();

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
          [`#traffic/${id}`, ".why"],
          ["#connect", "#sdk-panel pre"],
        ];
        for (const [hash, sign] of seen) {
          await page.goto(`${page.url().split("#")[0]}${hash}`);
          await page.locator(sign).first().waitFor();
          if (sign === ".why") {
            await page.getByText("What would happen now").click();
            await page.locator(".explanations li").first().waitFor();
          }
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
  const fixture = await startAdminFixture({ rules: RULES, admin: { pageFolder: pageFolder() } });
  const page = await browser().newPage();
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
