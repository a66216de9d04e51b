/** The page's REST interface on a real proxy: what is switched on acts on the next signed call, and can be sent again. */

import { verify } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { parsePublicKey } from "../../src/antom/keys.ts";
import { startProxy } from "../../src/index.ts";
import { type Came, createMerchant } from "../helpers/merchant.ts";

const FILE = `# for the team
rules:
  - name: inquiry   # kept
    api: inquiryPayment
    active: false
    result: ORDER_NOT_EXIST
`;

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the test names the fields that it expects
  readonly json: any;
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, init);
  return { status: answer.status, json: await answer.json() };
}

function post(url: string, body: unknown): Promise<Answer> {
  return ask(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

t.test("armed by REST, answered signed, seen in the journal, sent again, stopped; the file keeps its comments", async (t) => {
  const rulesPath = mkdtempSync(join(tmpdir(), "rules-"));
  const file = join(rulesPath, "rules.yaml");
  writeFileSync(file, FILE);
  const proxy = await startProxy({ rulesPath, admin: true });
  t.teardown(() => proxy.stop());
  const api = `${proxy.adminUrl}/api/v1`;
  const merchant = createMerchant();
  const pay = (): Promise<Came> =>
    merchant.call(proxy.url, "pay", { paymentRequestId: "R1", paymentMethod: { paymentMethodType: "CARD" } });

  const armed = await post(`${api}/simulations`, { operation: "pay", code: "RISK_REJECT", duration: "30m" });
  t.match(armed, { status: 200, json: { phase: "running" } });
  const came = await pay();
  t.match(came.json.result, { resultCode: "RISK_REJECT", resultStatus: "F" });
  const signature = Buffer.from(decodeURIComponent(String(came.headers["signature"]).split("signature=")[1] ?? ""), "base64");
  const key = parsePublicKey(proxy.publicKey.base64);
  t.equal(verify("sha256", Buffer.from(came.signedText), key, signature), true);
  t.equal(verify("sha256", Buffer.from(`${came.signedText} `), key, signature), false);

  const { json: listed } = await ask(`${api}/calls`);
  t.match(listed.calls, [{ outcome: "injected", operation: "pay", resultCode: "RISK_REJECT", resultStatus: "F", rule: "pay-risk-reject" }]);
  const again = await post(`${api}/calls/${listed.calls[0].id}/resend`, {});
  t.equal(again.status, 200);
  t.match((await ask(`${api}/calls/${again.json.id}`)).json, { outcome: "injected", resultCode: "RISK_REJECT" });
  t.equal((await ask(`${api}/rules`)).json.rules[0].firings, 2);

  t.equal((await post(`${api}/rules/pay-risk-reject/stop`, {})).status, 200);
  t.equal((await pay()).headers["x-fault-rule"], undefined);
  t.match(
    readFileSync(file, "utf8"),
    /^# for the team\nrules:\n {2}- name: pay-risk-reject\n[\s\S]*active: false[\s\S]*- name: inquiry {3}# kept\n/,
  );
});

t.test("an embedded proxy's rules are changed in memory", async (t) => {
  const proxy = await startProxy({ admin: true });
  t.teardown(() => proxy.stop());
  const armed = await post(`${proxy.adminUrl}/api/v1/simulations`, { operation: "pay", code: "PROCESS_FAIL" });
  t.equal(armed.status, 200, JSON.stringify(armed.json));
  t.match((await createMerchant().call(proxy.url, "pay", {})).json.result, { resultCode: "PROCESS_FAIL" });
});
