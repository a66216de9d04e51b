/** The browser of the page's tests: the packaged one, on any Linux x64, whatever browser or library the machine has. */
import { join } from "node:path";
import { chromium } from "playwright-core";
import t from "tap";
import { librariesOf, needsBrowser, openBrowser, unpackBrowser } from "../helpers/browser.ts";
import { projectRoot } from "../helpers/program.ts";

t.test("the browser comes with the packages, and every library it loads is there", needsBrowser(), async (t) => {
  const { executable, environment } = unpackBrowser();
  t.ok(executable.startsWith(join(projectRoot, "node_modules")), executable);
  const libraries = librariesOf(executable, environment);
  t.ok(libraries.length > 3);
  for (const { name, path } of libraries) t.ok(path, name);
});

t.test("where the machine lacks libnss3, the package's own libraries serve", needsBrowser(), async (t) => {
  const { executable, environment } = unpackBrowser("all");
  const packed = String(environment["LD_LIBRARY_PATH"]);
  for (const library of ["libnss3.so", "libnssutil3.so", "libnspr4.so", "libexpat.so.1"]) {
    const found = librariesOf(executable, environment).find(({ name }) => name === library);
    t.ok(found?.path?.startsWith(packed), `${library}: ${found?.path}`);
  }
  const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"], env: environment });
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.setContent("<h1>works</h1>");
  t.equal(await page.getByRole("heading").textContent(), "works");
});

t.test("one page after the other opens and closes, with an empty PATH", needsBrowser(), async (t) => {
  const { PATH } = process.env;
  process.env["PATH"] = "";
  t.teardown(() => {
    process.env["PATH"] = PATH;
  });
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  for (let n = 0; n < 5; n += 1) {
    const page = await browser.newPage();
    await page.setContent(`<p>${n}</p>`);
    t.equal(await page.locator("p").textContent(), String(n));
    await page.close();
  }
});
