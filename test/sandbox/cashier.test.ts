/** The buyer's page: a visit finishes the payment. */
import t from "tap";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody, wallet } from "../helpers/payments.ts";

const merchant = createMerchant();
const sandbox = await startSandbox();
t.teardown(() => sandbox.stop());

async function open(id: string, fields: Record<string, unknown> = {}): Promise<string> {
  return (await merchant.call(sandbox.origin, "pay", payBody({ id, method: wallet, ...fields }))).json.normalUrl;
}

async function status(id: string): Promise<Record<string, unknown>> {
  return (await merchant.call(sandbox.origin, "inquiryPayment", { paymentRequestId: id })).json;
}

t.test("visiting the page pays", async (t) => {
  const url = await open("visited");
  t.equal((await status("visited"))["paymentStatus"], "PROCESSING");
  const page = await fetch(url);
  t.equal(page.status, 200);
  t.match(page.headers.get("content-type"), "text/html");
  t.match(await page.text(), /Payment SUCCESS/);
  t.match(await status("visited"), { paymentStatus: "SUCCESS", paymentResultCode: "SUCCESS", actualPaymentAmount: { value: "1000" } });
  const again = await merchant.call(sandbox.origin, "pay", payBody({ id: "visited", method: wallet }));
  t.equal(again.json.result.resultCode, "SUCCESS", "and pay says so when asked again");
});

t.test("`?outcome=fail` makes it fail, and the first visit decides", async (t) => {
  const url = await open("fails");
  t.match(await (await fetch(`${url}?outcome=fail`)).text(), /Payment FAIL/);
  t.match(await (await fetch(url)).text(), /Payment FAIL/);
  t.match(await status("fails"), { paymentStatus: "FAIL", paymentResultCode: "USER_PAYMENT_VERIFICATION_FAILED" });
});

t.test("a cancelled payment stays cancelled", async (t) => {
  const url = await open("cancelled");
  await merchant.call(sandbox.origin, "cancel", { paymentRequestId: "cancelled" });
  t.match(await (await fetch(url)).text(), /Payment CANCELLED/);
  t.match(await status("cancelled"), { paymentStatus: "CANCELLED" });
});

t.test("the page leads back to the merchant, and nothing the merchant sent becomes markup", async (t) => {
  const plain = await open("back", { paymentRedirectUrl: "https://shop.example/done?a=1&b=2" });
  t.match(await (await fetch(plain)).text(), 'href="https://shop.example/done?a=1&#38;b=2"');
  const nasty = await open('<script>alert("x")</script>', { paymentRedirectUrl: "javascript:alert(1)" });
  const text = await (await fetch(nasty)).text();
  t.notMatch(text, "<script");
  t.notMatch(text, "javascript:");
});

t.test("an unknown payment has no page", async (t) => {
  t.equal((await fetch(`${sandbox.origin}/stand-in/cashier/nobody`)).status, 404);
});
