import t from "tap";
import { operationAtPath } from "../../src/antom/catalogue/operations.ts";
import { judge } from "../../src/antom/guard.ts";

const SANDBOX = "SANDBOX_5X00000000000000";
const PRODUCTION = "5X00000000000000";

function standingOf(path: string, clientIds: readonly string[], sandboxSession = false): string {
  const operation = operationAtPath(path.split("?", 1)[0] ?? "");
  const standing = judge({ path, operation, clientIds, sandboxSession });
  return standing.kind === "refused" ? `refused: ${standing.reason}` : standing.kind;
}

t.test("a call is a sandbox call only by its path and its client id", async (t) => {
  const table: readonly [string, readonly string[], string][] = [
    ["/ams/sandbox/api/v1/payments/pay", [SANDBOX], "sandbox"],
    ["/ams/sandbox/api/v1/payments/pay?x=1", [SANDBOX], "sandbox"],
    ["/ams/sandbox/api/v1/no/such/call", [SANDBOX], "sandbox"],
    ["/ams/sandbox/api//v1/payments/retrievePaymentSession", [SANDBOX], "sandbox"],
    ["/ams/sandbox/api/v1/payments/pay", [SANDBOX, SANDBOX], "sandbox"],
    ["/ams/api/v1/payments/pay", [PRODUCTION], "production"],
    ["/ams/api/v1/payments/pay", [], "production"],
    ["/ams/api/v1/payments/pay", [SANDBOX], "refused: path"],
    ["/ams/sandbox/api/v1/payments/pay", [PRODUCTION], "refused: client-id"],
    ["/ams/sandbox/api/v1/payments/pay", [], "refused: client-id"],
    ["/ams/sandbox/api/v1/payments/pay", ["sandbox_5X"], "refused: client-id"],
    ["/ams/sandbox/api/v1/payments/pay", [SANDBOX, PRODUCTION], "refused: client-id"],
    ["/ams/sandbox/apix/v1/payments/pay", [PRODUCTION], "production"],
    ["/", [SANDBOX], "refused: path"],
    ["/metrics", [], "refused: path"],
  ];
  for (const [path, clientIds, expected] of table) t.equal(standingOf(path, clientIds), expected, `${path} ${clientIds.join("+")}`);
});

t.test("the calls that an SDK never rewrites pass on a sandbox client id alone", async (t) => {
  for (const path of ["/ams/api/v1/risk/payments/decide", "/ams/v1/aba/funds/createExchange"]) {
    t.equal(standingOf(path, [SANDBOX]), "sandbox", path);
    t.equal(standingOf(path, [PRODUCTION]), "production", path);
  }
});

t.test("meter.uploadEvent, which has no client id, passes only with a session that a sandbox call made", async (t) => {
  const path = "/ams/api/v1/meter/uploadEvent";
  t.equal(standingOf(path, [], true), "sandbox");
  t.equal(standingOf(path, [], false), "refused: session");
  t.equal(standingOf(path, [PRODUCTION], false), "production");
  t.equal(standingOf(path, [SANDBOX], false), "sandbox");
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
    "/ams/sandbox/api/v1/payments/pay#/../..",
    "/ams/sandbox/api/v1/payments/pay%00",
    "/ams/sandbox/api/%c0%ae%c0%ae/%c0%ae%c0%ae/api/v1/payments/pay",
    "/ams/sandbox/api/%u002e%u002e/api/v1/payments/pay",
    "/ams/sandbox/api/.%09./api/v1/payments/pay",
    "/ams/sandbox/api/v1/payments/%zz",
  ]) {
    t.equal(standingOf(path, [SANDBOX]), "refused: path", path);
  }
  t.equal(standingOf("/ams/sandbox/api/v1/payments/pay?next=../../x%2f", [SANDBOX]), "sandbox", "a query is no path");
  t.equal(standingOf("/ams/sandbox/api/v1/payments/caf%C3%A9%20x", [SANDBOX]), "sandbox", "well-formed escapes may stand");
  t.equal(standingOf("/ams/sandbox/api/v1/pay..ments/.pay", [SANDBOX]), "sandbox", "dots inside a name are no dot segment");
});

t.test("a production id behind a sandbox one in the same header line does not pass as sandbox", async (t) => {
  for (const clientId of [
    `${SANDBOX},${PRODUCTION}`,
    `${SANDBOX}, ${PRODUCTION}`,
    `${SANDBOX} ${PRODUCTION}`,
    `${SANDBOX}\t${PRODUCTION}`,
    "SANDBOX_\u00e9",
  ]) {
    for (const path of ["/ams/sandbox/api/v1/payments/pay", "/ams/api/v1/risk/payments/decide"]) {
      t.equal(standingOf(path, [clientId]), "refused: client-id", `${path} ${JSON.stringify(clientId)}`);
    }
  }
});
