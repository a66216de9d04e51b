import t, { type Test } from "tap";
import { identify } from "../../src/antom/gateway.ts";

const SANDBOX = "SANDBOX_5X00000000000000";
const PRODUCTION = "5X00000000000000";
const PAY = "/ams/sandbox/api/v1/payments/pay";
const PRODUCTION_PAY = "/ams/api/v1/payments/pay";
const UPLOAD = "/ams/api/v1/meter/uploadEvent";
const TEST_KEY = `Bearer isak_TEST_${Buffer.from(SANDBOX).toString("base64")}_0123`;
const PROD_KEY = `Bearer isak_PROD_${Buffer.from(PRODUCTION).toString("base64")}_0123`;

const client = (...ids: readonly string[]): string[] => ids.flatMap((id) => ["client-id", id]);
const key = (...values: readonly string[]): string[] => values.flatMap((value) => ["Authorization", value]);
const session = (...ids: readonly string[]): string[] => ids.flatMap((id) => ["X-Session-Id", id]);

/** Only the session `ours` was made by a sandbox call. */
function judged(path: string, headers: readonly string[]) {
  return identify({ method: "POST", target: path, path, authority: undefined, headers }, (id) => id === "ours").standing;
}

function standingOf(path: string, headers: readonly string[]): string {
  const standing = judged(path, headers);
  return standing.kind === "refused" ? `refused: ${standing.reason}` : standing.kind;
}

type Table = readonly (readonly [string, readonly string[], string])[];

function holds(t: Test, table: Table): void {
  for (const [path, headers, expected] of table) t.equal(standingOf(path, headers), expected, `${path} ${headers.join(" ")}`);
}

t.test("a call is a sandbox call only by its path and its client id", async (t) => {
  holds(t, [
    [PAY, client(SANDBOX), "sandbox"],
    [`${PAY}?x=1`, client(SANDBOX), "sandbox"],
    ["/ams/sandbox/api/v1/no/such/call", client(SANDBOX), "sandbox"],
    ["/ams/sandbox/api//v1/payments/retrievePaymentSession", client(SANDBOX), "sandbox"],
    [PRODUCTION_PAY, client(PRODUCTION), "production"],
    [PRODUCTION_PAY, [], "production"],
    [PRODUCTION_PAY, client(SANDBOX), "refused: path"],
    [PAY, client(PRODUCTION), "refused: client-id"],
    [PAY, [], "refused: client-id"],
    [PAY, client("sandbox_5X"), "refused: client-id"],
    ["/ams/sandbox/apix/v1/payments/pay", client(PRODUCTION), "production"],
    ["/", client(SANDBOX), "refused: path"],
    ["/metrics", [], "refused: path"],
  ]);
});

t.test("an API key tells the side by its kind, and the path must agree with it", async (t) => {
  holds(t, [
    [PAY, key(TEST_KEY), "sandbox"],
    [PAY, key(TEST_KEY.replace("isak", "irak")), "sandbox"],
    [PAY, key(TEST_KEY.replace("Bearer", "bearer")), "sandbox"],
    [PAY, key("Bearer isak_TEST_unreadable"), "sandbox"],
    [PAY, key(PROD_KEY), "refused: api-key"],
    [PAY, key(PROD_KEY.replace("isak", "irak")), "refused: api-key"],
    [PRODUCTION_PAY, key(PROD_KEY), "production"],
    [PRODUCTION_PAY, key(TEST_KEY), "refused: path"],
    ["/ams/api/v1/risk/payments/decide", key(TEST_KEY), "refused: path"],
    ["/ams/v1/aba/funds/createExchange", key(TEST_KEY), "sandbox"],
    ["/ams/v1/aba/funds/createExchange", key(PROD_KEY), "production"],
  ]);
  t.match(judged(PAY, key(PROD_KEY)), { message: /TEST key/ });
  t.match(judged(PAY, []), { message: /`client-id` nor an API key/ });
});

t.test("an Authorization that is no known key is refused, since the gateway could read it otherwise", async (t) => {
  for (const value of [
    "",
    "Basic YTpi",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "isak_TEST_x_0",
    "Bearer isak_LIVE_x_0",
    "Bearer isak_test_x_0",
    "Bearer ISAK_TEST_x_0",
    "Bearer isak_TEST_",
    `${TEST_KEY}, ${PROD_KEY}`,
    `${TEST_KEY} ${PROD_KEY}`,
    ` ${PROD_KEY}`,
    "Bearer  isak_TEST_x_0",
    "Bearer\tisak_TEST_x_0",
    "Bearer isak_TEST_é_0",
  ]) {
    for (const path of [PAY, PRODUCTION_PAY]) {
      t.equal(standingOf(path, key(value)), "refused: api-key", `${path} ${JSON.stringify(value)}`);
      t.equal(
        standingOf(path, [...client(SANDBOX), ...key(value)]),
        "refused: api-key",
        `${path} beside a client id: ${JSON.stringify(value)}`,
      );
    }
  }
});

t.test("marks that do not agree are refused, whatever the path", async (t) => {
  for (const path of [PAY, PRODUCTION_PAY, UPLOAD, "/ams/v1/aba/funds/createExchange"]) {
    holds(t, [
      [path, [...key(PROD_KEY), ...client(SANDBOX)], "refused: client-id"],
      [path, [...key(TEST_KEY), ...client(PRODUCTION)], "refused: client-id"],
      [path, [...key(TEST_KEY), ...client("")], "refused: client-id"],
    ]);
  }
  holds(t, [
    [PAY, [...key(TEST_KEY), ...client(SANDBOX)], "sandbox"],
    [PRODUCTION_PAY, [...key(PROD_KEY), ...client(PRODUCTION)], "production"],
  ]);
});

t.test("a mark has one line: a repeated one is refused, equal or not", async (t) => {
  for (const path of [PAY, PRODUCTION_PAY, UPLOAD]) {
    holds(t, [
      [path, client(SANDBOX, SANDBOX), "refused: client-id"],
      [path, client(SANDBOX, PRODUCTION), "refused: client-id"],
      [path, client(PRODUCTION, PRODUCTION), "refused: client-id"],
      [path, ["client-id", SANDBOX, "CLIENT-ID", SANDBOX], "refused: client-id"],
      [path, key(TEST_KEY, TEST_KEY), "refused: authorization"],
      [path, ["Authorization", TEST_KEY, "authorization", PROD_KEY], "refused: authorization"],
      [path, [...client(SANDBOX), ...session("ours", "theirs")], "refused: x-session-id"],
      [path, [...client(SANDBOX), ...session("ours", "ours")], "refused: x-session-id"],
    ]);
  }
});

t.test("a mark that Connection strips on the way is refused: what is judged is what the gateway gets", async (t) => {
  const all = [...client(SANDBOX), ...key(TEST_KEY), ...session("ours")];
  for (const path of [PAY, PRODUCTION_PAY, UPLOAD, "/ams/api/v1/risk/payments/decide"]) {
    for (const [name, value] of [
      ["client-id", "close, Client-Id"],
      ["client-id", "client-id"],
      ["authorization", "keep-alive ,\tAUTHORIZATION"],
      ["x-session-id", "x-session-id,close"],
    ]) {
      t.equal(standingOf(path, [...all, "Connection", value ?? ""]), `refused: ${name}`, `${path} ${value}`);
      t.equal(standingOf(path, [...all, "connection", "close", "CONNECTION", value ?? ""]), `refused: ${name}`, `${path} second line`);
    }
  }
  t.equal(standingOf(PAY, [...client(SANDBOX), "Connection", "keep-alive, x-client-id"]), "sandbox");
});

t.test("a header that names another path is refused", async (t) => {
  for (const name of ["X-Original-URL", "x-rewrite-url"]) {
    t.equal(standingOf(PAY, [...client(SANDBOX), name, PRODUCTION_PAY]), "refused: path", name);
  }
});

t.test("the calls that an SDK never rewrites pass on a sandbox client id alone, at that very path", async (t) => {
  for (const path of ["/ams/api/v1/risk/payments/decide", "/ams/v1/aba/funds/createExchange"]) {
    t.equal(standingOf(path, client(SANDBOX)), "sandbox", path);
    t.equal(standingOf(path, client(PRODUCTION)), "production", path);
  }
  t.equal(
    standingOf("/ams/api/v1/aba/funds/createExchange", client(SANDBOX)),
    "refused: path",
    "the other spelling of its path is rewritten",
  );
});

t.test("meter.uploadEvent passes only with a session that a sandbox call made, and no mark of production beside it", async (t) => {
  holds(t, [
    [UPLOAD, session("ours"), "sandbox"],
    [UPLOAD, session("theirs"), "refused: session"],
    [UPLOAD, [], "refused: session"],
    [UPLOAD, [...session("ours"), ...client(SANDBOX)], "sandbox"],
    [UPLOAD, [...session("theirs"), ...client(SANDBOX)], "refused: session"],
    [UPLOAD, [...session("theirs"), ...key(TEST_KEY)], "refused: session"],
    [UPLOAD, [...session("ours"), ...client(PRODUCTION)], "refused: session"],
    [UPLOAD, [...session("ours"), ...key(PROD_KEY)], "refused: session"],
    [UPLOAD, client(PRODUCTION), "production"],
    [UPLOAD, client(SANDBOX), "sandbox"],
    ["/ams/sandbox/api/v1/meter/uploadEvent", [...session("theirs"), ...client(SANDBOX)], "refused: session"],
    [PAY, [...session("theirs"), ...client(SANDBOX)], "sandbox"],
  ]);
});

t.test("no spelling of a path slips from the sandbox to production", async (t) => {
  for (const path of [
    "/ams/sandbox/api/../../api/v1/payments/pay",
    "/ams/sandbox/api/..",
    "/ams/sandbox/api/./v1/payments/pay",
    "/ams/sandbox/api/%2e%2e/%2E%2E/api/v1/payments/pay",
    "/ams/sandbox/api/..%2f..%2fapi/v1/payments/pay",
    "/ams/sandbox/api/%252e%252e/api/v1/payments/pay",
    "/ams/sandbox/api/..\\..\\api/v1/payments/pay",
    "/ams/sandbox/api/..%5c..%5capi/v1/payments/pay",
    "/ams/sandbox/api/..;/..;/api/v1/payments/pay",
    "/ams/sandbox/api/..%3b/..%3b/api/v1/payments/pay",
    "/ams/sandbox/api/..%3B/api/v1/payments/pay",
    "/ams/sandbox/api/..%3bx=1/api/v1/payments/pay",
    "/ams/sandbox/api;v=1/v1/payments/pay",
    "/ams/sandbox/api/v1/payments/pay;jsessionid=1",
    "/ams/sandbox/api/%EF%BC%8E%EF%BC%8E/%EF%BC%8E%EF%BC%8E/api/v1/payments/pay",
    "/ams/sandbox/api/%E2%80%A4%E2%80%A4/api/v1/payments/pay",
    "/ams/sandbox/api/%E2%80%A5/%E2%80%A5/api/v1/payments/pay",
    "/ams/sandbox/api/..%EF%BC%8F..%EF%BC%8Fapi/v1/payments/pay",
    "/ams/sandbox/api/..%E2%88%95..%E2%88%95api/v1/payments/pay",
    "/ams/sandbox/api/..%EF%BC%BC..%EF%BC%BCapi/v1/payments/pay",
    "/ams/sandbox/api/%EF%BC%852e%EF%BC%852e/api/v1/payments/pay",
    "/ams/sandbox/api/..%EF%BC%9B/api/v1/payments/pay",
    "/ams/sandbox/api/\uff0e\uff0e/api/v1/payments/pay",
    "/ams/sandbox/api/\u00ef\u00bc\u008e\u00ef\u00bc\u008e/api/v1/payments/pay",
    "/ams/sandbox/api/.%20./api/v1/payments/pay",
    "/ams/sandbox/api/.. /api/v1/payments/pay",
    "/ams/sandbox/api/.%C2%AD./api/v1/payments/pay",
    "/ams/sandbox/api/.%E2%80%8B./api/v1/payments/pay",
    "/ams/sandbox/api/v1/payments/pay#/../..",
    "/ams/sandbox/api/v1/payments/pay%00",
    "/ams/sandbox/api/%c0%ae%c0%ae/%c0%ae%c0%ae/api/v1/payments/pay",
    "/ams/sandbox/api/%u002e%u002e/api/v1/payments/pay",
    "/ams/sandbox/api/.%09./api/v1/payments/pay",
    "/ams/sandbox/api/v1/payments/%zz",
    "/ams/sandbox/api/v1/payments/caf%C3%A9%20x",
  ]) {
    t.equal(standingOf(path, client(SANDBOX)), "refused: path", path);
    t.equal(standingOf(path, key(TEST_KEY)), "refused: path", path);
  }
  t.equal(standingOf(`${PAY}?next=../../x%2f`, client(SANDBOX)), "sandbox", "a query is no path");
  t.equal(standingOf("/ams/sandbox/api/v1/pay..ments/.pay", client(SANDBOX)), "sandbox", "dots inside a name are no dot segment");
});

t.test("the v2 family is refused by name", async (t) => {
  for (const path of ["/openapi/v2/payments/pay", "/openapi/v2", "/OpenAPI/V2/x?y=1"]) {
    for (const headers of [client(SANDBOX), client(PRODUCTION), key(TEST_KEY), []]) {
      t.match(judged(path, headers), { kind: "refused", reason: "path", message: /^`\/openapi\/v2` is Antom's v2 API/ }, path);
    }
  }
});

t.test("a production id behind a sandbox one in the same header line does not pass as sandbox", async (t) => {
  for (const clientId of [
    `${SANDBOX},${PRODUCTION}`,
    `${SANDBOX}, ${PRODUCTION}`,
    `${SANDBOX} ${PRODUCTION}`,
    `${SANDBOX}\t${PRODUCTION}`,
    "SANDBOX_\u00e9",
  ]) {
    for (const path of [PAY, "/ams/api/v1/risk/payments/decide"]) {
      t.equal(standingOf(path, client(clientId)), "refused: client-id", `${path} ${JSON.stringify(clientId)}`);
    }
  }
});
