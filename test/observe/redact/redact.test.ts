/** What is shown of a call never holds a card, a token, a signature or a shopper. */
import fc from "fast-check";
import t from "tap";
import {
  HIDDEN,
  redactAuthority,
  redactBody,
  redactHeaders,
  redactPath,
  redactQuery,
  redactText,
} from "../../../src/observe/redact/redact.ts";

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

const shownBody = (text: string, type?: string): string => redactBody(Buffer.from(text), type === undefined ? [] : ["Content-Type", type]);
const shownJson = (value: unknown): unknown => JSON.parse(shownBody(JSON.stringify(value)));

t.test("a pay body keeps its structure and loses its secrets", async (t) => {
  const shown = shownBody(JSON.stringify(PAY));
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

t.test("what is not secret stays as written: order, spacing, escapes, large numbers", async (t) => {
  const text = '{ "b":1.50,\n "a" : 123456789012345678901234567890, "u":"\\u00e4\\/", "paymentRequestId":"PR-1" , "e":1e400}';
  t.equal(shownBody(text), text);
  t.equal(shownBody(`${text.slice(0, -1)}, "cvv": 737}`), `${text.slice(0, -1)}, "cvv": "${HIDDEN}"}`);
});

t.test("a body that is cut off anywhere shows no secret", async (t) => {
  const plain = JSON.stringify(PAY);
  const nested = JSON.stringify({ extendInfo: JSON.stringify({ inner: JSON.stringify(PAY) }) });
  for (const whole of [plain, nested, `\ufeff${plain}`]) {
    for (let length = 20; length < whole.length; length += 1) {
      const shown = shownBody(whole.slice(0, length));
      for (const secret of SECRETS) if (shown.includes(secret)) t.fail(`${secret} shown at ${length}: ${shown}`);
    }
  }
});

t.test("forms, free text and markup are redacted by their pairs", async (t) => {
  const form = shownBody(`cardNo=${CARD}&cvv=737&amount=100&authCode=28763443825664394`);
  t.equal(form, `cardNo=${HIDDEN}&cvv=${HIDDEN}&amount=100&authCode=${HIDDEN}`);
  t.equal(redactText("token: abc, cvv: '737'"), `token: ${HIDDEN}, cvv: ${HIDDEN}`);
  t.equal(redactText('"tokens" "accessToken" : "a b \\" c" rest'), `"tokens" "accessToken" : "${HIDDEN}" rest`);
  t.equal(redactText("Authorization: Bearer abc.def\nnext: 1"), `Authorization: ${HIDDEN}\nnext: 1`);
  t.equal(redactText('<pay cvv="737"><token>abc</token></pay>'), `<pay cvv="${HIDDEN}"><token>${HIDDEN}</token></pay>`);
});

t.test("a card number is found in any text, grouped or not, beside letters, and as a number", async (t) => {
  t.match(shownJson({ remark: "paid with 4054 6957 2310 0768 today" }), { remark: "paid with [redacted] …0768 today" });
  t.match(shownJson({ remark: "4054-6957-2310-0768" }), { remark: "[redacted] …0768" });
  t.match(shownJson({ n: 4054695723100768 }), { n: "[redacted] …0768" });
  t.match(shownJson([[CARD]]), [["[redacted] …0768"]]);
  t.match(shownJson({ a: `USD${CARD}`, b: `${CARD}x`, c: `ORDER_${CARD}_1` }), {
    a: "USD[redacted] …0768",
    b: "[redacted] …0768x",
    c: "ORDER_[redacted] …0768_1",
  });
  t.equal(shownBody(`{"${CARD}":"as a name"}`), '{"[redacted] …0768":"as a name"}');
  for (const number of ["378282246310005", "30569309025904", "6011111111111117", "2223003122003222", "4222222222222", "3530111333300000"]) {
    t.equal(redactText(`x ${number} y`), `x [redacted] …${number.slice(-4)} y`, number);
  }
});

t.test("ids, amounts and times that are no card numbers stay", async (t) => {
  const kept = {
    paymentId: "202611021940108001001880C0000000000",
    digits: "20190602194010800100188820200000000",
    notLuhn: "4054695723100769",
    time: "1685599933871",
    stamp: "20261125093009",
    amount: { value: "1234567890123" },
    rate: 0.4054695723100768,
    nothing: null,
    cvv: "",
  };
  t.strictSame(shownJson(kept), kept);
});

t.test("names count decoded, whatever their spelling", async (t) => {
  for (const name of ["\\u0063vv", "c\\u0076v", "CVV", "card.cvv", "Card[cvv]", "\uff43vv", "security_code", "Security-Code", "api key"]) {
    t.equal(shownBody(`{"${name}":"737"}`), `{"${name}":"${HIDDEN}"}`, name);
  }
});

t.test("JSON inside a string is redacted, however deep, broken or escaped", async (t) => {
  t.strictSame(shownJson({ extendInfo: '{"cardNo":"4054695723100768","a":1}' }), { extendInfo: `{"cardNo":"${HIDDEN} …0768","a":1}` });
  let nested: unknown = { cvv: "737" };
  for (let depth = 0; depth < 6; depth += 1) nested = { extendInfo: JSON.stringify(nested) };
  t.notMatch(shownBody(JSON.stringify(nested)), /737/);
  for (let depth = 0; depth < 5; depth += 1) nested = { extendInfo: JSON.stringify(nested) };
  t.notMatch(shownBody(JSON.stringify(nested)).replaceAll("\\", ""), /737/);
  t.notMatch(shownBody(JSON.stringify({ message: 'got {"cvv":"737" and more' })), /737/);
  t.notMatch(shownBody('error near {\\"cvv\\":\\"737\\"}'), /737/);
  t.notMatch(shownBody('{"a":{"cvv":737,,"token" abc'), /737/);
});

t.test("a byte order mark hides nothing from redaction", async (t) => {
  t.equal(shownBody(`\ufeff{"cvv":"737"}`), `{"cvv":"${HIDDEN}"}`);
  const wide = Buffer.from(`\ufeff{"cvv":"737"}`, "utf16le");
  t.equal(redactBody(wide), `{"cvv":"${HIDDEN}"}`);
  t.equal(redactBody(wide.swap16()), `{"cvv":"${HIDDEN}"}`);
});

t.test("multipart bodies are redacted by the names of their parts", async (t) => {
  const part = (head: string, value: string): string => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const body = `${part('name="cvv"', "737")}${part('name="body"; filename="x"', '{"token":"abc"}')}${part("name=otp", "12\r\n34")}${part('name="kept"', "1")}--b--\r\n`;
  for (const type of ["multipart/form-data; boundary=b", undefined]) {
    const shown = shownBody(body, type);
    for (const secret of ["737", "abc", "12\r\n34"]) t.notOk(shown.includes(secret), secret);
    t.match(shown, `${part('name="kept"', "1")}--b--`);
  }
  t.notMatch(shownBody(body.slice(0, 58)), /73/, "cut off within a value");
});

t.test("percent-encoding hides nothing from redaction", async (t) => {
  t.equal(shownBody("%63vv=737&x=1"), `%63vv=${HIDDEN}&x=1`);
  t.notMatch(shownBody(`body=${encodeURIComponent('{"cvv":"737"}')}`), /737/);
  t.notMatch(shownBody(`body=${encodeURIComponent(encodeURIComponent('{"cvv":"737"}'))}`), /737/);
  t.equal(shownBody("a=%41%zz&b=1+2"), "a=%41%zz&b=1+2");
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
  t.strictSame(redactHeaders(["referer", "https://u:p@shop.test/x?token=abc", "content-type", "text/html; charset=UTF-8"]), [
    "referer",
    `https://${HIDDEN}@shop.test/x?token=${HIDDEN}`,
    "content-type",
    "text/html; charset=UTF-8",
  ]);
});

t.test("paths, queries and authorities are redacted, decoded or not", async (t) => {
  t.equal(redactPath("/pay?token=abc&x=1"), `/pay?token=${HIDDEN}&x=1`);
  t.equal(redactPath("/pay;token=abc/x"), `/pay;token=${HIDDEN}/x`);
  t.equal(redactPath("/pay?t%6fken=abc&x=%41"), `/pay?t%6fken=${HIDDEN}&x=%41`);
  t.equal(redactPath(`/cards/${CARD}`), "/cards/[redacted] …0768");
  t.equal(redactPath("/cards/%34054695723100768"), "/cards/[redacted] …0768");
  t.equal(redactPath("/ams/sandbox/api//v1/payments/pay"), "/ams/sandbox/api//v1/payments/pay");
  t.strictSame(redactQuery(`/pay?t%6fken=abc&x=a%26b&card=%34054695723100768`), [
    { name: "token", value: HIDDEN },
    { name: "x", value: "a&b" },
    { name: "card", value: "[redacted] …0768" },
  ]);
  t.equal(redactAuthority("user:secret@shop.test:80"), `${HIDDEN}@shop.test:80`);
  t.equal(redactAuthority("shop.test:80"), "shop.test:80");
});

t.test("nesting without end does not break it", async (t) => {
  const body = Buffer.from(`${"[".repeat(50_000)}"${CARD}"${"]".repeat(50_000)}`);
  t.notOk(redactBody(body).includes(CARD));
});

/** One secret, wrapped at random in the shapes in which bodies carry values. */
const NAMES = fc.constantFrom("cvv", "cardNo", "accessToken", "buyerEmail", "Security_Code", "paymentMethodId");
const SECRET = fc.constantFrom(CARD, "S3CRET-value");
const WRAPS: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify({ extendInfo: text, other: "1" }),
  (text) => JSON.stringify([1, { deep: { text } }], null, 2),
  (text) => JSON.stringify(text),
  (text) => `\ufeff${text}`,
  (text) => `payload=${encodeURIComponent(text)}&x=1`,
  (text) => `--b\r\ncontent-disposition: form-data; name="body"\r\n\r\n${text}\r\n--b--\r\n`,
  (text) => `{"cut":${JSON.stringify(text)},"more":`,
];
const CORES: readonly ((name: string, secret: string) => string)[] = [
  (name, secret) => JSON.stringify({ [name]: secret }),
  (name, secret) => JSON.stringify({ [name]: { a: [secret, { b: secret }] } }),
  (name, secret) => `{"${[...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}":"${secret}"`,
  (name, secret) => JSON.stringify({ a: [{ x: 1, [name]: secret }, null] }),
];

t.test("a known secret is hidden in every shape", async (t) => {
  const property = fc.property(
    NAMES,
    SECRET,
    fc.constantFrom(...CORES),
    fc.array(fc.constantFrom(...WRAPS), { maxLength: 3 }),
    fc.nat(20),
    (name, secret, core, wraps, cut) => {
      const whole = wraps.reduce((text, wrap) => wrap(text), core(name, secret));
      const shown = redactBody(Buffer.from(cut === 0 ? whole : whole.slice(0, -cut)));
      const seen = decodedForms(shown).filter((form) => form.includes(secret));
      if (seen.length > 0) throw new Error(`${JSON.stringify(whole)} is shown as ${JSON.stringify(shown)}`);
    },
  );
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }));
});

/** The text and what it is once its escapes are taken away. */
function decodedForms(text: string): string[] {
  const forms = [text];
  for (let round = 0; round < 4; round += 1) forms.push((forms.at(-1) ?? "").replaceAll("\\", ""));
  return [...forms, ...forms.map(decodeLoosely)];
}

function decodeLoosely(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
}

t.test("an API key of the gateway is hidden wherever it stands; its kind is shown", async (t) => {
  const secret = `${Buffer.from("SANDBOX_5X00000000000000").toString("base64")}_0123abcDEF`;
  for (const kind of ["isak_TEST_", "irak_TEST_", "isak_PROD_", "irak_PROD_"]) {
    const key = kind + secret;
    for (const text of [
      redactHeaders(["Authorization", `Bearer ${key}`]).join(),
      redactHeaders(["x-note", `see ${key}, please`]).join(),
      redactBody(Buffer.from(JSON.stringify({ note: key, list: [key], [key]: 1 }))),
      redactBody(Buffer.from(JSON.stringify({ note: JSON.stringify({ inner: key }) }))),
      redactBody(Buffer.from(`broken {"note": "${key}`)),
      redactBody(Buffer.from(encodeURIComponent(key))),
      redactPath(`/ams/sandbox/api/v1/payments/pay?note=${encodeURIComponent(key)}`),
      redactText(`the key ${key} is refused`),
    ]) {
      t.notOk(text.includes(secret.slice(0, 12)) || text.includes("0123abc"), text);
    }
    t.equal(redactText(`the key ${key} is refused`), `the key ${kind}[redacted] is refused`);
  }
});

t.test("no bytes make it throw, and valid JSON stays valid", async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => typeof redactBody(Buffer.from(bytes)) === "string"));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      JSON.parse(redactBody(Buffer.from(JSON.stringify({ a: value, cvv: value }))));
    }),
  );
  t.equal(redactBody(Buffer.alloc(0)), "");
});

/** Characters read per millisecond of this machine: ten times the text must not take much more than ten times as long. */
t.test("hostile text is read in linear time", async (t) => {
  const shapes: readonly ((n: number) => string)[] = [
    (n) => 'a="'.repeat(n),
    (n) => "1".repeat(n),
    (n) => " 1".repeat(n),
    (n) => "cvv:{".repeat(n),
    (n) => '\\"'.repeat(n),
    (n) => "%25".repeat(n),
    (n) => `"${"\\\\".repeat(n)}`,
    (n) => `"${"\\\\".repeat(n)}"`,
    (n) => "a.b-".repeat(n),
    (n) => "name=\r\n".repeat(n),
    (n) => `--b\r\nname="x"\r\n${"a: b\r\n".repeat(n)}`,
    (n) => `"${"{".repeat(n)}`,
  ];
  for (const [at, shape] of shapes.entries()) {
    const time = (text: string): number => {
      const startedAt = process.cpuUsage();
      redactBody(Buffer.from(text));
      const { user, system } = process.cpuUsage(startedAt);
      return (user + system) / 1000;
    };
    time(shape(3000));
    const small = Math.max(2, time(shape(10_000)));
    const large = time(shape(100_000));
    t.ok(large < small * 60, `shape ${at}: ${small.toFixed(1)} ms, then ${large.toFixed(1)} ms for ten times the text`);
  }
});
