/** The text that `start` prints: SDK base URL, public key, rules path, and a first command to try. */
import { resolve } from "node:path";
import type { App } from "../app/app.ts";
import { urlOf } from "../base/host-port.ts";
import { shellWord } from "../base/shell-word.ts";
import type { Config } from "../config/config.ts";

const PAY = "/ams/sandbox/api/v1/payments/pay";
const ORDER = JSON.stringify({
  productCode: "CASHIER_PAYMENT",
  paymentRequestId: "demo-1",
  order: { referenceOrderId: "order-1", orderDescription: "a book", orderAmount: { currency: "USD", value: "1000" } },
  paymentAmount: { currency: "USD", value: "1000" },
  paymentMethod: { paymentMethodType: "CARD", paymentMethodId: "token-1" },
});

export interface BannerFacts {
  readonly app: App;
  readonly config: Config;
  /** False: the rules file does not exist yet and is loaded when it is created. */
  readonly rulesExist: boolean;
}

/** The text with a final line feed. */
export function banner({ app, config, rulesExist }: BannerFacts): string {
  const urls = app.listening.map((address) => urlOf("http", address));
  const [url = ""] = urls;
  const lines: [string, string][] = [
    ["SDK base URL", urls.join(", ")],
    ["upstream", config.upstream === undefined ? `${app.upstream} (the built-in stand-in sandbox)` : app.upstream],
    ["public key", `${app.publicKey.base64}\n${" ".repeat(14)}(for your SDK's client, in place of Antom's; a webhook keeps Antom's own)`],
    ["rules", rulesExist ? `${config.rules} (edit it while this runs)` : `none yet; ${resolve(config.rules)} is loaded when it is created`],
    ...(app.admin === undefined ? [] : ([["page", `${app.admin}/ (metrics: ${app.admin}/metrics)`]] satisfies [string, string][])),
  ];
  const width = 12;
  const table = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
  const file = /\.ya?ml$/i.test(config.rules) ? config.rules : `${config.rules}/rules.yaml`;
  const first = rulesExist ? "" : "run `antom-fault-proxy init`, ";
  return `\n${table}\n${trust(config)}\n${config.upstream === undefined ? trial(url, file, first) : sdkHint()}\n`;
}

function trust({ upstream, antomPublicKey }: Config): string {
  if (upstream === undefined || antomPublicKey !== undefined) return "";
  return "\nWithout --antom-public-key, the gateway's answers are signed again without verification.\n";
}

function trial(url: string, rules: string, first: string): string {
  const headers = ["client-id: SANDBOX_5X00000000000000", "request-time: 1", "signature: algorithm=RSA256,keyVersion=1,signature=demo"];
  const words = [...headers, "content-type: application/json"].map((header) => `-H ${shellWord(header)}`).join(" ");
  return `Try it: ${first}set \`active: true\` for the rule pay-risk-reject in ${rules}, save, and call
  curl -i ${shellWord(url + PAY)} ${words} -d ${shellWord(ORDER)}
Set it to false again and the same call is forwarded.`;
}

function sdkHint(): string {
  return "Connect your SDK: antom-fault-proxy connect <java|python|php|go|dotnet|node|curl>";
}
