import { connect } from "node:net";
import t from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import { requestText } from "../helpers/raw-http.ts";

/** What a bare socket saw of one call. */
interface Seen {
  readonly bytes: string;
  readonly head: string;
  readonly body: string;
  readonly announced: number;
  /** `reset` is an RST, `closed` an orderly end, `open` neither within the patience. */
  readonly ending: "reset" | "closed" | "open";
  readonly ms: number;
}

const PATH = "/ams/sandbox/api/v1/payments/pay";
const BODY = JSON.stringify({
  paymentRequestId: "R1",
  order: { referenceOrderId: "O1", orderDescription: "tea", orderAmount: { currency: "USD", value: "100" } },
  paymentAmount: { currency: "USD", value: "100" },
  paymentMethod: { paymentMethodType: "CARD", paymentMethodId: "T1" },
  productCode: "CASHIER_PAYMENT",
});

function see(proxy: RunningProxy, patienceMs: number): Promise<Seen> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
    let bytes = "";
    let lastAt = startedAt;
    const finish = (ending: Seen["ending"]): void => {
      socket.removeAllListeners().on("error", () => undefined);
      socket.destroy();
      const end = bytes.indexOf("\r\n\r\n");
      const head = end < 0 ? bytes : bytes.slice(0, end);
      resolve({
        bytes,
        head,
        body: end < 0 ? "" : bytes.slice(end + 4),
        announced: Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN),
        ending,
        ms: lastAt - startedAt,
      });
    };
    socket.on("data", (chunk) => {
      bytes += chunk.toString("latin1");
      lastAt = performance.now();
      if (isWhole(bytes)) setTimeout(() => finish("open"), 50);
    });
    socket.on("error", (error) => finish("code" in error && error.code === "ECONNRESET" ? "reset" : "closed"));
    socket.on("end", () => finish("closed"));
    setTimeout(() => finish("open"), patienceMs);
    const headers = {
      "client-id": "SANDBOX_5X00000000000000",
      "request-time": "1685599933871",
      signature: "algorithm=RSA256,keyVersion=1,signature=eA%3D%3D",
      "content-type": "application/json; charset=UTF-8",
    };
    socket.write(requestText(PATH, headers, BODY));
  });
}

function isWhole(bytes: string): boolean {
  const end = bytes.indexOf("\r\n\r\n");
  return end >= 0 && bytes.length - end - 4 >= Number(/content-length: (\d+)/i.exec(bytes)?.[1] ?? 0);
}

async function seen(proxy: RunningProxy, fault: Readonly<Record<string, unknown>>, patienceMs = 400): Promise<Seen> {
  await proxy.setRules([{ name: "a", api: "pay", ...fault }]);
  return await see(proxy, patienceMs);
}

t.test("every fault on a bare socket", async (t) => {
  const proxy = await startProxy({ seed: "s" });
  t.teardown(() => proxy.stop());

  await t.test("result: a whole signed answer, and the connection stays", async (t) => {
    const { head, body, announced, ending } = await seen(proxy, { result: "RISK_REJECT" });
    t.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    t.equal(head.match(/\r\nsignature: algorithm=RSA256,keyVersion=1,signature=/g)?.length, 1);
    t.match(JSON.parse(body), { result: { resultCode: "RISK_REJECT", resultStatus: "F" } });
    t.equal(announced, body.length);
    t.equal(ending, "open");
  });

  await t.test("delay: the answer is late, and whole", async (t) => {
    const { ms, body } = await seen(proxy, { delay: "300ms", result: "RISK_REJECT" }, 1500);
    t.ok(ms >= 295, `${ms}`);
    t.match(body, /RISK_REJECT/);
  });

  for (const upstream of ["skip", "call"]) {
    await t.test(`abort: reset with upstream: ${upstream} ends in an RST`, async (t) => {
      const { bytes, ending } = await seen(proxy, { abort: "reset", upstream });
      t.same([bytes, ending], ["", "reset"]);
    });
  }

  await t.test("abort: empty ends in order, without a byte", async (t) => {
    const { bytes, ending } = await seen(proxy, { abort: "empty" });
    t.same([bytes, ending], ["", "closed"]);
  });

  await t.test("abort: hang sends nothing and keeps the connection", async (t) => {
    const { bytes, ending } = await seen(proxy, { abort: "hang" });
    t.same([bytes, ending], ["", "open"]);
  });

  await t.test("abort: close sends the header lines and no body", async (t) => {
    const { head, body, announced, ending } = await seen(proxy, { abort: "close", result: "RISK_REJECT" });
    t.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    t.equal(body, "");
    t.ok(announced > 0);
    t.equal(ending, "closed");
  });

  await t.test("abort: truncate cuts the body, in half or where it says", async (t) => {
    const half = await seen(proxy, { abort: "truncate", result: "RISK_REJECT" });
    t.equal(half.body.length, Math.floor(half.announced / 2));
    t.equal(half.ending, "closed");
    const seven = await seen(proxy, { abort: { truncate: 7 } });
    t.equal(seven.body, '{"resul', "a forwarded answer is cut too");
  });

  await t.test("throttle: the body trickles", async (t) => {
    const { ms, body, announced } = await seen(proxy, { throttle: "500B/s", result: "RISK_REJECT" }, 3000);
    t.equal(body.length, announced);
    t.ok(ms >= (announced / 500) * 1000 * 0.6, `${announced} bytes in ${ms} ms`);
  });

  await t.test("http: status, header lines and body as written, without a signature", async (t) => {
    const { head, body } = await seen(proxy, { http: { status: 503, headers: { "Retry-After": "2" }, body: "later" } });
    t.match(head, /^HTTP\/1\.1 503 /);
    t.match(head, /\r\nRetry-After: 2\r\n/);
    t.notMatch(head, /signature/i);
    t.match(head, /\r\nx-fault-rule: a/);
    t.equal(body, "later");
  });

  await t.test("http: signed on demand", async (t) => {
    const { head } = await seen(proxy, { http: { status: 500, body: { result: { resultCode: "SYSTEM_ERROR" } }, signed: true } });
    t.match(head, /^HTTP\/1\.1 500 /);
    t.match(head, /\r\nsignature: algorithm=RSA256/);
  });

  await t.test("body: malformed-json is signed and not JSON", async (t) => {
    const { head, body, announced } = await seen(proxy, { body: "malformed-json" });
    t.match(head, /\r\nsignature: /);
    t.equal(body.length, announced);
    t.throws(() => JSON.parse(body));
  });

  await t.test("body: wrong-content-type and html", async (t) => {
    const wrong = await seen(proxy, { body: "wrong-content-type", result: "RISK_REJECT" });
    t.same(wrong.head.match(/content-type: .*/gi), ["content-type: text/html; charset=GBK"]);
    t.match(JSON.parse(wrong.body), { result: { resultCode: "RISK_REJECT" } });
    const page = await seen(proxy, { body: "html" });
    t.match(page.body, /^<!doctype html>/);
    t.notMatch(page.head, /signature/i);
  });

  await t.test("signature: each word as it stands on the wire", async (t) => {
    const lines = async (word: string): Promise<string[]> =>
      (await seen(proxy, { signature: word, result: "RISK_REJECT" }, 5000)).head.match(/^(?:signature|client-id|response-time): .*$/gim) ??
      [];
    t.same(
      (await lines("missing")).map((line) => line.split(":")[0]),
      ["client-id", "response-time"],
    );
    t.same(
      (await lines("capitalised")).map((line) => line.split(":")[0]),
      ["Client-Id", "Response-Time", "Signature"],
    );
    t.match((await lines("raw-base64")).at(-1), /==$/);
    for (const word of ["corrupt", "stale", "wrong-key", "wrong-client-id"])
      t.match((await lines(word)).at(-1), /^signature: algorithm=RSA256,keyVersion=1,signature=[A-Za-z0-9%]+$/, word);
  });

  await t.test("forward: the gateway's own answer, marked as touched by the rule", async (t) => {
    const { body } = await seen(proxy, { forward: true }, 800);
    t.match(JSON.parse(body), { result: { resultCode: "SUCCESS" } });
  });

  await t.test("upstream: call makes the payment, then says otherwise", async (t) => {
    const { body } = await seen(proxy, { upstream: "call", result: "UNKNOWN_EXCEPTION" }, 800);
    t.match(JSON.parse(body), { result: { resultCode: "UNKNOWN_EXCEPTION" } });
    t.match(proxy.calls()[0]?.upstreamResponse?.body.toString(), /SUCCESS/);
  });
});
