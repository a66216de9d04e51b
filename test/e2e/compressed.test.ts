/** Compressed answers through the running proxy: what is learned from them, what the page shows, and what is asked of the gateway. */
import { gzipSync } from "node:zlib";
import t, { type Test } from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import {
  type Answered,
  type AntomOrigin,
  askProxy,
  CLIENT_ID,
  isSignedBy,
  lineOf,
  PAY_PATH,
  signatureOver,
  signedText,
  startAntomOrigin,
} from "../helpers/antom-origin.ts";
import { makeKeys } from "../helpers/keys.ts";

const antom = makeKeys();
const ours = makeKeys();
const TIME = "2026-11-23T16:00:00+08:00";
const INQUIRY_PATH = "/ams/sandbox/api/v1/payments/inquiryPayment";

/** Antom's answer in gzip; `signedFor`: another text under the signature. */
function zipped(path: string, text: string, signedFor = text): Answered {
  const signature = signatureOver(signedText(path, CLIENT_ID, TIME, Buffer.from(signedFor)), antom.privateKey);
  const head = ["Client-Id", CLIENT_ID, "Response-Time", TIME, "Signature", signature];
  return { status: 200, headers: [...head, "Content-Type", "application/json", "Content-Encoding", "gzip"], body: gzipSync(text) };
}

async function start(t: Test): Promise<{ proxy: RunningProxy; origin: AntomOrigin }> {
  const origin = await startAntomOrigin();
  const keys = { antomPublicKey: antom.publicKey, signingKey: ours.privateKey };
  const proxy = await startProxy({ upstream: origin.origin, maxBodyBytes: 4096, admin: true, ...keys });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  return { proxy, origin };
}

const SUCCESS =
  '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."},"paymentId":"P1","cardNo":"4111111111111111"}';

for (const [name, signedFor, expected] of [
  ["Antom signed teaches which payment an id belongs to", SUCCESS, "SUCCESS"],
  ["Antom did not sign teaches nothing", `${SUCCESS} `, "ORDER_NOT_EXIST"],
] as const) {
  t.test(`a gzip answer that ${name}`, async (t) => {
    const { proxy, origin } = await start(t);
    await proxy.setRules([{ name: "once", api: "inquiryPayment", per: "paymentRequestId", times: 1, result: "ORDER_NOT_EXIST" }]);
    origin.answer(() => zipped(PAY_PATH, SUCCESS, signedFor));
    await askProxy(proxy.url, { body: '{"paymentRequestId":"R1"}' });
    origin.answer(() => zipped(INQUIRY_PATH, SUCCESS.replace('"paymentId":"P1",', "")));
    const inquire = async (body: string): Promise<string | undefined> => {
      await askProxy(proxy.url, { path: INQUIRY_PATH, body });
      return proxy.calls()[0]?.resultCode;
    };
    t.equal(await inquire('{"paymentRequestId":"R1"}'), "ORDER_NOT_EXIST", "the rule acts once for this payment");
    t.equal(await inquire('{"paymentId":"P1"}'), expected);
  });
}

t.test("the page shows a compressed answer as text, redacted, with its result's status in the list", async (t) => {
  const { proxy, origin } = await start(t);
  origin.answer(() => zipped(PAY_PATH, SUCCESS));
  await askProxy(proxy.url);
  const get = async (path: string): Promise<string> => await (await fetch(`${proxy.adminUrl}/api/v1${path}`)).text();
  t.match(await get("/calls"), /"resultStatus":"S"/);
  for (const shown of [await get(`/calls/${proxy.calls()[0]?.id}`), await get("/calls.har")]) {
    t.match(shown, /\\"paymentId\\":\\"P1\\"/);
    t.notMatch(shown, /4111111111111111/);
  }
});

t.test("the gateway is not asked for codings that could not be signed again; an unasked one passes as it came, unsigned", async (t) => {
  const { proxy, origin } = await start(t);
  origin.answer(() => ({ ...zipped(PAY_PATH, SUCCESS), headers: [...zipped(PAY_PATH, SUCCESS).headers.slice(0, -1), "zstd"] }));
  const came = await askProxy(proxy.url, { headers: { "accept-encoding": "zstd, gzip;q=0.5" } });
  t.equal(origin.requests[0]?.headers["accept-encoding"], "gzip;q=0.5");
  t.equal(lineOf(came?.headers ?? [], "content-encoding"), "zstd");
  t.equal(lineOf(came?.headers ?? [], "signature"), lineOf(zipped(PAY_PATH, SUCCESS).headers, "signature"));
});

t.test("a body that is streamed brings back the gateway's own head, whatever its signature is worth", async (t) => {
  const { proxy, origin } = await start(t);
  for (const signedFor of [SUCCESS, `${SUCCESS} `]) {
    const sent = zipped(PAY_PATH, SUCCESS, signedFor);
    origin.answer(() => sent);
    const came = await askProxy(proxy.url, { body: "x".repeat(10_000) });
    t.equal(proxy.calls()[0]?.delivery, "streamed");
    t.same(came?.headers.slice(0, sent.headers.length), sent.headers);
    t.same(came?.body, sent.body);
    t.equal(came !== undefined && isSignedBy(ours.publicKey, came), false);
  }
});

t.test("a refused call and a failed one are signed as the proxy's own, and no other answer is", async (t) => {
  const { proxy, origin } = await start(t);
  const refused = await askProxy(proxy.url, { headers: { "client-id": "5X00000000000000" } });
  t.equal(refused !== undefined && isSignedBy(ours.publicKey, refused), true);
  t.equal(lineOf(refused?.headers ?? [], "x-fault-outcome"), "refused");
  t.equal(origin.requests.length, 0);
  await origin.close();
  const failed = await askProxy(proxy.url);
  t.equal(failed?.status, 502);
  t.equal(failed !== undefined && isSignedBy(ours.publicKey, failed), true);
});
