/** The OpenAPI document is valid, and true to what the routes answer. */
import { Validator } from "@seriousme/openapi-schema-validator";
import t from "tap";
import { z } from "zod";
import { apiRoutes } from "../../../src/admin/api/mount.ts";
import { openApiDocument } from "../../../src/admin/api/openapi.ts";
import { startAdminFixture } from "../../helpers/admin-fixture.ts";

const routes = apiRoutes(new AbortController().signal);

t.test("the document served is valid OpenAPI 3.1 and has every route", async (t) => {
  const { admin, ask } = await startAdminFixture();
  t.teardown(() => admin.stop());
  const { json } = await ask("/api/v1/openapi.json");
  const validator = new Validator();
  const verdict = await validator.validate(json);
  t.strictSame(verdict.valid, true, JSON.stringify(verdict.errors)?.slice(0, 1000));
  t.equal(validator.version, "3.1");
  for (const { path, method } of routes) t.ok(json.paths[`/api/v1${path}`]?.[method.toLowerCase()], `${method} ${path}`);
  const ids = routes.map((route) => route.id);
  t.equal(new Set(ids).size, ids.length, "ids are unique");
});

t.test("every reference leads somewhere", async (t) => {
  const document = JSON.stringify(openApiDocument(routes, "1"));
  const schemas = JSON.parse(document).components.schemas;
  const names = [...document.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? "");
  t.ok(names.length > 5);
  for (const name of names) t.ok(schemas[name], name);
  t.notMatch(document, /\$defs/);
});

t.test("what routes answer has the shape that the document gives", async (t) => {
  const { admin, ask, call } = await startAdminFixture({
    rules: "rules:\n  - name: a\n    api: pay\n    duration: 5m\n    result: RISK_REJECT\n",
  });
  t.teardown(() => admin.stop());
  const { id } = await call();
  for (const route of routes.filter((one) => one.method === "GET" && one.contentType === undefined)) {
    const path = route.path.replace("/operations/{name}", "/operations/pay").replace("{id}", id);
    const { status, json } = await ask(`/api/v1${path}`);
    t.equal(status, 200, path);
    const read = route.answer.safeParse(json);
    t.ok(read.success, read.success ? path : `${path}: ${z.prettifyError(read.error)}`);
  }
});
