/** The doctor's judgement on single calls. */
import t from "tap";
import { createSigner } from "../../src/antom/signature.ts";
import { diagnose } from "../../src/cli/diagnose.ts";
import type { HttpRequest } from "../../src/http/message.ts";
import type { CallRecord } from "../../src/ports/ports.ts";
import { arrival, callRecord, identity, request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";

const keys = makeKeys();
const TIME = "1795420800000";
const CLIENT_ID = "SANDBOX_5X00000000000000";

/** A request whose signature covers `signed` (by default what is sent). */
async function signedRequest(sent: Partial<HttpRequest> = {}, signed: { path?: string; body?: Buffer } = {}): Promise<HttpRequest> {
  const whole = request(sent);
  const head = { method: whole.method, path: signed.path ?? whole.path, clientId: CLIENT_ID, time: TIME };
  const signature = await createSigner(keys.privateKey).sign(head, signed.body ?? whole.body);
  return { ...whole, headers: ["client-id", CLIENT_ID, "Request-Time", TIME, "Signature", signature] };
}

function told(record: CallRecord, key = keys.publicKey): { facts: Record<string, string>; complaints: string[] } {
  const { facts, complaints } = diagnose(record, key);
  return { facts: Object.fromEntries(facts), complaints: complaints.map(({ what }) => what) };
}

t.test("a sound call is reported with its properties and no problems", async (t) => {
  const { facts, complaints } = told(
    callRecord({ request: await signedRequest(), arrival: arrival({ way: "https", serverName: "localhost" }) }),
  );
  t.same(complaints, []);
  t.same(facts, {
    call: "POST /ams/sandbox/api/v1/payments/pay",
    "way in": "https on port 8080, TLS name localhost",
    operation: "pay",
    "client id": CLIENT_ID,
    signature: "verifies with your key",
    answer: "200 SUCCESS, forwarded",
  });
});

t.test("each way in has its name", async (t) => {
  const way = (changes: Parameters<typeof arrival>[0]) => told(callRecord({ arrival: arrival(changes) })).facts["way in"];
  t.equal(way({ way: "http" }), "plain http on port 8080");
  t.equal(way({ way: "http2", serverName: "localhost" }), "HTTP/2 on port 8080, TLS name localhost");
  t.equal(way({ way: "connect", tunnelTo: "open-na.alipay.com:443" }), "CONNECT to open-na.alipay.com:443 (HTTPS_PROXY) on port 8080");
});

t.test("a wrong signature has its cause found where it can be", async (t) => {
  const sandbox = "/ams/sandbox/api/v1/payments/pay";
  const cases: readonly { request: HttpRequest; what: RegExp }[] = [
    { request: await signedRequest({}, { path: "/ams/api/v1/payments/pay" }), what: /production path/ },
    { request: await signedRequest({ target: `https://a.example${sandbox}` }, { path: `https://a.example${sandbox}` }), what: /whole URL/ },
    { request: await signedRequest({ path: `${sandbox}?a=1`, target: `${sandbox}?a=1` }, { path: sandbox }), what: /leaves out the query/ },
    { request: await signedRequest({ body: Buffer.from("{}\n") }, { body: Buffer.from("{}") }), what: /white space/ },
    { request: await signedRequest({ body: Buffer.from('{"a": "\\/"}') }, { body: Buffer.from('{"a":"/"}') }), what: /serialised again/ },
    {
      request: await signedRequest({ body: Buffer.from('{"a":1}') }, { body: Buffer.from('{"a":2}') }),
      what: /another key, or of another text/,
    },
  ];
  for (const { request, what } of cases) {
    const { facts, complaints } = told(callRecord({ request }));
    t.equal(facts["signature"], "does not verify with your key");
    t.equal(complaints.length, 1);
    t.match(complaints[0], what);
  }
  t.match(told(callRecord({ request: await signedRequest() }), makeKeys().publicKey).complaints, [/another key/]);
});

t.test("a signature that is missing, unreadable or without its time is told", async (t) => {
  const lines = (...headers: string[]) => told(callRecord({ request: request({ headers }) })).complaints;
  t.match(lines("client-id", CLIENT_ID), [/not signed/]);
  t.match(lines("signature", "algorithm=RSA256,keyVersion=1,signature=QUJD"), [/`request-time`/]);
  t.match(lines("request-time", TIME, "signature", "nonsense"), [/holds no `signature=/]);
});

t.test("without the merchant's key the signature is not checked, and that is no complaint", async (t) => {
  const { facts, complaints } = diagnose(callRecord({ request: await signedRequest() }), undefined);
  t.match(Object.fromEntries(facts)["signature"], "--merchant-public-key");
  t.same(complaints, []);
});

t.test("production and refused calls are told with what would be right", async (t) => {
  const signed = await signedRequest();
  const production = told(callRecord({ request: signed, identity: identity({ standing: { kind: "production" } }), outcome: "refused" }));
  t.match(production.complaints, [/production call/]);
  const standing = { kind: "refused", reason: "client-id", message: "the call has no `client-id` header" } as const;
  t.match(told(callRecord({ request: signed, identity: identity({ standing }) })).complaints, [/no `client-id` header/]);
});

t.test("an unknown path and another method are told", async (t) => {
  const get = await signedRequest({ method: "GET" });
  t.match(told(callRecord({ request: get, identity: identity({ operation: undefined }) })).complaints, [
    /accept only POST, not GET/,
    /no API of the catalogue/,
  ]);
});

t.test("the gateway's failures and a wrong Antom key are told", async (t) => {
  const signed = await signedRequest();
  const failed = diagnose(
    callRecord({ request: signed, outcome: "failed", failure: { kind: "tls", detail: "self-signed certificate" } }),
    keys.publicKey,
  );
  t.match(failed.complaints, [{ what: /self-signed certificate/, remedy: /--upstream-ca/ }]);
  t.match(told(callRecord({ request: signed, verdict: "invalid" })).complaints, [/does not verify with the Antom key/]);
});

t.test("uploadEvent needs no signature", async (t) => {
  const { facts, complaints } = told(
    callRecord({ request: request({ headers: ["x-session-id", "s"] }), identity: identity({ operation: "meter.uploadEvent" }) }),
  );
  t.equal(facts["signature"], "not needed");
  t.same(complaints, []);
});

t.test("a call with an API key needs no signature; one for production is told with its remedy", async (t) => {
  const unsigned = request({ headers: ["authorization", "Bearer isak_TEST_x_0"] });
  const sound = told(callRecord({ request: unsigned, identity: identity({ apiKey: "test" }), verdict: "unchecked" }));
  t.same(sound.complaints, []);
  t.match(sound.facts, { signature: "not needed (API key for TEST)", "client id": CLIENT_ID });
  const unreadable = told(callRecord({ request: unsigned, identity: identity({ apiKey: "test", clientId: undefined }) }));
  t.match(unreadable.facts, { "client id": "not readable in the API key" });
  const production = diagnose(callRecord({ identity: identity({ apiKey: "production", standing: { kind: "production" } }) }), undefined);
  t.match(production.complaints, [{ what: /API key is for PROD/, remedy: /isak_TEST_/ }]);
  t.notMatch(JSON.stringify(sound), /isak_TEST_x/, "the key itself is not told");
});

t.test("each reason of the guard has its remedy", async (t) => {
  for (const reason of ["path", "client-id", "api-key", "authorization", "x-session-id", "session"] as const) {
    const standing = { kind: "refused", reason, message: "it is refused" } as const;
    const [complaint] = diagnose(callRecord({ identity: identity({ standing }) }), keys.publicKey).complaints;
    t.match(complaint, { what: "it is refused", remedy: /once|SANDBOX_|TEST key/ }, reason);
  }
});
