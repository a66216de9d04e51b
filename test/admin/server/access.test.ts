/** Who may speak to the admin server. */
import t from "tap";
import { type AccessQuestion, judgeAccess } from "../../../src/admin/server/access.ts";

const POLICY = { hostNames: new Set(["proxy.test"]), tokenRequired: false };

function judge(changes: Partial<AccessQuestion>, policy: { hostNames: Set<string>; tokenRequired: boolean } = POLICY): number {
  const access = judgeAccess(
    {
      method: "GET",
      path: "/metrics",
      host: "localhost:8081",
      origin: undefined,
      fetchSite: undefined,
      fetchMode: undefined,
      contentType: undefined,
      localAddress: "127.0.0.1",
      holdsToken: false,
      ...changes,
    },
    policy,
  );
  return access.kind === "granted" ? 200 : access.status;
}

t.test("own names are taken, with any port", async (t) => {
  const own = ["localhost", "LOCALHOST:1", "127.0.0.1:8081", "[::1]:8081", "[::1]", "proxy.test:80", "Proxy.Test"];
  for (const host of own) t.equal(judge({ host }), 200, host);
  t.equal(judge({ host: "10.0.0.5:8081", localAddress: "::ffff:10.0.0.5" }), 200, "the address that the client connected to");
  t.equal(judge({ host: "[fe80::1]:8081", localAddress: "fe80::1%eth0" }), 200);
});

t.test("every other name is refused", async (t) => {
  const foreign = [
    undefined,
    "",
    "evil.test",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "10.0.0.5",
    "localhost:x",
    "localhost@evil.test",
    "127.1",
    "0.0.0.0",
  ];
  for (const host of foreign) t.equal(judge({ host }), 403, String(host));
});

t.test("only the same origin may ask, and a link may lead here", async (t) => {
  t.equal(judge({ origin: "http://localhost:8081" }), 200);
  t.equal(judge({ origin: "https://localhost:8081" }), 200, "behind a TLS terminator");
  for (const origin of [
    "http://evil.test",
    "null",
    "",
    "http://localhost:9999",
    "http://localhost:8081.evil.test",
    "ftp://localhost:8081",
  ]) {
    t.equal(judge({ origin }), 403, origin);
  }
  t.equal(judge({ fetchSite: "same-origin" }), 200);
  t.equal(judge({ fetchSite: "none" }), 200);
  t.equal(judge({ fetchSite: "cross-site", fetchMode: "no-cors" }), 403, "an image or a script of another site");
  t.equal(judge({ fetchSite: "same-site", fetchMode: "cors" }), 403, "another port of this machine");
  t.equal(judge({ fetchSite: "cross-site", fetchMode: "navigate" }), 200);
  t.equal(judge({ fetchSite: "cross-site", fetchMode: "navigate", method: "POST", contentType: "application/json" }), 403);
});

t.test("a write needs the JSON content type, whatever its spelling", async (t) => {
  t.equal(judge({ method: "POST", contentType: "application/json" }), 200);
  t.equal(judge({ method: "PUT", contentType: "Application/JSON; charset=utf-8" }), 200);
  for (const contentType of [
    undefined,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json5",
  ]) {
    t.equal(judge({ method: "POST", contentType }), 415, String(contentType));
  }
  t.equal(judge({ method: "DELETE" }), 415);
  t.equal(judge({ method: "POST", path: "/login", contentType: "application/x-www-form-urlencoded" }), 200);
});

t.test("where a token is required, only probes and the login do without", async (t) => {
  const policy = { hostNames: new Set<string>(), tokenRequired: true };
  t.equal(judge({}, policy), 401);
  t.equal(judge({ holdsToken: true }, policy), 200);
  for (const path of ["/healthz", "/readyz", "/login"]) t.equal(judge({ path }, policy), 200, path);
  for (const path of ["/", "/metrics", "/api/v1/rules", "/healthz/", "//healthz"]) t.equal(judge({ path }, policy), 401, path);
});
