/** The page's files are served from one folder, compressed and unchanged ones not again; nothing else is. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { startAdminFixture } from "../../helpers/admin-fixture.ts";

function builtPage(): URL {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "page.js"), `"${"x".repeat(1000)}"`);
  writeFileSync(join(folder, "secret.pem"), "no page file");
  mkdirSync(join(folder, "inner"));
  return pathToFileURL(`${folder}/`);
}

t.test("files are served with type, tag and policy", async (t) => {
  const { admin, ask } = await startAdminFixture({ admin: { pageFolder: builtPage() } });
  t.teardown(() => admin.stop());
  const index = await ask("/");
  t.match([index.status, index.text, index.headers.get("content-type")], [200, /<title>page/, "text/html; charset=utf-8"]);
  t.match(index.headers.get("content-security-policy"), /script-src 'self'; style-src 'self';/);
  const script = await ask("/page.js", { headers: { "accept-encoding": "gzip" } });
  t.equal(script.headers.get("content-encoding"), "gzip");
  t.equal(script.text.length, 1002);
  const tag = script.headers.get("etag") ?? "";
  t.equal((await ask("/page.js", { headers: { "if-none-match": tag } })).status, 304);
  t.equal((await ask("/page.js", { method: "POST" })).status, 405);
});

t.test("nothing but the page's own files can be reached", async (t) => {
  const { admin, ask } = await startAdminFixture({ admin: { pageFolder: builtPage() } });
  t.teardown(() => admin.stop());
  for (const path of ["/secret.pem", "/inner", "/index.html", "/page.js/", "/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd"])
    t.equal((await ask(path)).status, 404, path);
  const raw = await new Promise<number>((resolve) => {
    request({ host: "127.0.0.1", port: admin.port, path: "/../../../../etc/passwd" }, (answer) =>
      resolve(answer.resume().statusCode ?? 0),
    ).end();
  });
  t.equal(raw, 404);
});

t.test("a page that was not built says how to build it", async (t) => {
  const { admin, ask } = await startAdminFixture({ admin: { pageFolder: new URL("./nowhere/", import.meta.url) } });
  t.teardown(() => admin.stop());
  t.match(await ask("/"), { status: 503, text: /npm run build/ });
  t.equal((await ask("/api/v1/rules")).status, 200, "the REST interface is there all the same");
});
