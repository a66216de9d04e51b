/** What is shown of a call never holds a card, a token, a signature or a shopper. */
import fc from "fast-check";
import t from "tap";
import { HIDDEN, redactBody, redactHeaders, redactJson, redactPath, redactText } from "../../src/observe/redact.ts";

const CARD = "4054695723100768";

const PAY = {
  paymentRequestId: "R1",
  paymentAmount: { currency: "USD", value: "100" },
  paymentMethod: {
    paymentMethodType: "CARD",
    paymentMethodId: "TOKEN-SECRET",
    paymentMethodMetaData: { cardNo: CARD, cvv: "737", expiryMonth: "12", cardholderName: { firstName: "Ada", lastName: "Lovelace" } },
  },
  order: {
    buyer: { buyerEmail: "ada@example.com", buyerPhoneNo: "+100" },
    shipping: { shippingAddress: { address1: "12 Street", city: "London" } },
  },
  env: { clientIp: "10.1.2.3" },
};
const SECRETS = [CARD, "TOKEN-SECRET", "737", "Ada", "Lovelace", "ada@example.com", "+100", "12 Street", "London", "10.1.2.3"];

t.test("a pay body keeps its structure and loses its secrets", async (t) => {
  const shown = redactBody(Buffer.from(JSON.stringify(PAY)));
  for (const secret of SECRETS) t.notOk(shown.includes(secret), secret);
  t.match(JSON.parse(shown), {
    paymentRequestId: "R1",
    paymentAmount: { currency: "USD", value: "100" },
    paymentMethod: {
      paymentMethodType: "CARD",
      paymentMethodId: HIDDEN,
      paymentMethodMetaData: { cardNo: `${HIDDEN} …0768`, cvv: HIDDEN, cardholderName: { firstName: HIDDEN, lastName: HIDDEN } },
    },
    order: { shipping: { shippingAddress: { address1: HIDDEN, city: HIDDEN } } },
  });
});

t.test("a body that is cut off, or no JSON at all, is redacted by pattern", async (t) => {
  const whole = JSON.stringify(PAY);
  for (let length = 20; length < whole.length; length += 1) {
    const shown = redactBody(Buffer.from(whole.slice(0, length)));
    for (const secret of SECRETS) if (shown.includes(secret)) t.fail(`${secret} shown at ${length}: ${shown}`);
  }
  const form = redactBody(Buffer.from(`cardNo=${CARD}&cvv=737&amount=100&authCode=28763443825664394`));
  t.equal(form, `cardNo=${HIDDEN}&cvv=${HIDDEN}&amount=100&authCode=${HIDDEN}`);
  t.equal(redactText("token: abc, cvv: '737'"), `token: ${HIDDEN}, cvv: ${HIDDEN}`);
  t.equal(redactText('"tokens" "accessToken" : "a b \\" c" rest'), `"tokens" "accessToken" : "${HIDDEN}" rest`);
});

t.test("a card number is found in any text, grouped or not, and as a number", async (t) => {
  t.match(redactJson({ remark: `paid with 4054 6957 2310 0768 today` }), { remark: "paid with [redacted] …0768 today" });
  t.match(redactJson({ remark: "4054-6957-2310-0768" }), { remark: "[redacted] …0768" });
  t.match(redactJson({ n: 4054695723100768 }), { n: "[redacted] …0768" });
  t.match(redactJson([[CARD]]), [["[redacted] …0768"]]);
});

t.test("ids, amounts and times that are no card numbers stay", async (t) => {
  const kept = {
    paymentId: "202611021940108001001880C0000000000",
    digits: "20190602194010800100188820200000000",
    notLuhn: "4054695723100769",
    time: "1685599933871",
    amount: { value: "1234567890123" },
    referenceOrderId: "ORDER_4054695723100768",
    nothing: null,
    cvv: "",
  };
  t.strictSame(redactJson(kept), kept);
});

t.test("JSON inside a string is redacted as JSON", async (t) => {
  t.strictSame(redactJson({ extendInfo: '{"cardNo":"4054695723100768","a":1}' }), { extendInfo: `{"cardNo":"${HIDDEN} …0768","a":1}` });
});

t.test("header names and harmless values stay; signatures and credentials do not", async (t) => {
  t.strictSame(
    redactHeaders([
      "Signature",
      "algorithm=RSA256,keyVersion=1,signature=abc%2B",
      "client-id",
      "SANDBOX_1",
      "agent-token",
      "t0ken",
      "Authorization",
      "Bearer x",
      "X-Session-Id",
      "s",
      "odd",
    ]),
    [
      "Signature",
      `algorithm=RSA256,keyVersion=1,signature=${HIDDEN}`,
      "client-id",
      "SANDBOX_1",
      "agent-token",
      HIDDEN,
      "Authorization",
      HIDDEN,
      "X-Session-Id",
      HIDDEN,
    ],
  );
});

t.test("a query is redacted like a form", async (t) => {
  t.equal(redactPath("/pay?token=abc&x=1"), `/pay?token=${HIDDEN}&x=1`);
  t.equal(redactPath(`/cards/${CARD}`), "/cards/[redacted] …0768");
});

t.test("nesting without end does not break it", async (t) => {
  const body = Buffer.from(`${"[".repeat(50_000)}"${CARD}"${"]".repeat(50_000)}`);
  t.notOk(redactBody(body).includes(CARD));
});

t.test("no value throws, and a secret below any structure stays hidden", async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shown = JSON.stringify(redactJson({ a: value, paymentMethod: [{ cvv: { x: ["S3CRET"] }, inner: value }] }));
      return !shown.includes("S3CRET");
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => typeof redactBody(Buffer.from(bytes)) === "string"));
  t.pass("no counterexample");
});

t.test("hostile text is read in linear time", async (t) => {
  const text = 'a="'.repeat(100_000) + "1".repeat(100_000) + " 1".repeat(100_000) + "cvv:{".repeat(20_000);
  const startedAt = performance.now();
  redactText(text);
  t.ok(performance.now() - startedAt < 2000);
});
