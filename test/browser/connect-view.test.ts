/** The view Connect in a real Chromium. */
import { openStage } from "../helpers/page-scene.ts";

const { scene } = openStage();

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
