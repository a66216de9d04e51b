/** Set-up for Node: Antom has no server SDK for Node, so this is a complete signed call with fetch and node:crypto. */
import { shellWord } from "../../base/shell-word.ts";
import { clientIdOf, type Endpoint, literal, type SdkSetup, WEBHOOK_NOTE } from "./setup.ts";

/** A module to save as call.mjs: signs one `pay`, sends it, verifies the answer (docs.antom.com/ac/ams/digital_signature, 2026-11). */
export function nodeSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: "Node: Antom has no server SDK for it; a signed call with fetch and node:crypto (Node 20 or later)",
    comment: "//",
    code: `import { createPrivateKey, createPublicKey, randomUUID, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const gateway = ${literal(endpoint.baseUrl)}; // this proxy
const clientId = ${literal(clientIdOf(endpoint))};
const publicKey = ${literal(endpoint.publicKey)}; // this proxy's key, in place of Antom's
const pem = readFileSync(process.argv[2] ?? "merchant-private-key.pem", "utf8"); // yours: PEM, or bare base64 of PKCS#8

const ours = createPrivateKey(pem.includes("BEGIN") ? pem : { key: Buffer.from(pem, "base64"), format: "der", type: "pkcs8" });
const theirs = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });

async function call(path, message) {
  const body = JSON.stringify(message);
  const time = String(Date.now());
  const signature = sign("RSA-SHA256", \`POST \${path}\\n\${clientId}.\${time}.\${body}\`, ours).toString("base64");
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": clientId,
    "request-time": time,
    signature: \`algorithm=RSA256,keyVersion=1,signature=\${encodeURIComponent(signature)}\`,
  };
  const answer = await fetch(gateway + path, { method: "POST", headers, body });
  const text = await answer.text();
  const value = /signature=([^,]*)$/.exec(answer.headers.get("signature") ?? "")?.[1] ?? "";
  const signed = \`POST \${path}\\n\${clientId}.\${answer.headers.get("response-time")}.\${text}\`;
  const valid = verify("RSA-SHA256", signed, theirs, Buffer.from(decodeURIComponent(value), "base64"));
  return { status: answer.status, signatureValid: valid, body: JSON.parse(text) };
}

console.log(
  await call("/ams/sandbox/api/v1/payments/pay", {
    productCode: "CASHIER_PAYMENT",
    paymentRequestId: randomUUID(),
    paymentAmount: { currency: "HKD", value: "100" },
    order: { referenceOrderId: "order-1", orderDescription: "a test order", orderAmount: { currency: "HKD", value: "100" } },
    paymentMethod: { paymentMethodType: "ALIPAY_HK" },
    paymentRedirectUrl: "https://merchant.example/return",
    settlementStrategy: { settlementCurrency: "HKD" },
    env: { terminalType: "WEB" },
  }),
);
`,
    notes: ["Save it as call.mjs and run: node call.mjs merchant-private-key.pem", WEBHOOK_NOTE, ...httpsNote(endpoint)],
    obstacle: undefined,
  };
}

function httpsNote(endpoint: Endpoint): string[] {
  if (endpoint.httpsUrl === undefined) return [];
  const trust = endpoint.caFile === undefined ? "" : ` with NODE_EXTRA_CA_CERTS=${shellWord(endpoint.caFile)}`;
  return [`Over TLS: ${endpoint.httpsUrl}${trust}. fetch ignores HTTPS_PROXY in Node 20.`];
}
