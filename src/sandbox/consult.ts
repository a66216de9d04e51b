/** consult: the payment methods available to a buyer (docs.antom.com/ac/ams/consult, 2026-11), from a small fixed list. */
import { z } from "zod";
import type { Reply, SandboxCall } from "./call.ts";
import { amount, group, readParameters, text } from "./read-parameters.ts";
import { reply } from "./reply.ts";

const names = z.array(z.string(), "must be a list of strings").optional();

const ConsultRequest = group({
  productCode: text(32),
  paymentAmount: amount,
  allowedPaymentMethods: names,
  blockedPaymentMethods: names,
  allowedPaymentMethodRegions: names,
});

const METHODS: readonly (readonly [type: string, category: string, region: string])[] = [
  ["CARD", "CARD", "GLOBAL"],
  ["APPLEPAY", "WALLET", "GLOBAL"],
  ["GOOGLEPAY", "WALLET", "GLOBAL"],
  ["ALIPAY_CN", "WALLET", "CN"],
  ["ALIPAY_HK", "WALLET", "HK"],
  ["GCASH", "WALLET", "PH"],
  ["DANA", "WALLET", "ID"],
  ["KAKAOPAY", "WALLET", "KR"],
  ["TNG", "WALLET", "MY"],
  ["TRUEMONEY", "WALLET", "TH"],
  ["PAYNOW", "ONLINE_BANKING", "SG"],
  ["IDEAL", "ONLINE_BANKING", "NL"],
];

/** The fixed list without the methods that the merchant excludes; NO_PAY_OPTIONS when the list is empty. */
export function consult(call: SandboxCall): Reply {
  const read = readParameters(ConsultRequest, call);
  if (read.kind === "refused") return read.reply;
  const { allowedPaymentMethods, blockedPaymentMethods, allowedPaymentMethodRegions } = read.value;
  const paymentOptions = METHODS.filter(
    ([type, , region]) =>
      blockedPaymentMethods?.includes(type) !== true &&
      isAllowed(allowedPaymentMethods, type) &&
      (region === "GLOBAL" || isAllowed(allowedPaymentMethodRegions, region)),
  ).map(([paymentMethodType, paymentMethodCategory, region]) => ({
    paymentMethodType,
    paymentMethodCategory,
    paymentMethodRegion: [region],
    enabled: true,
    preferred: false,
  }));
  return paymentOptions.length === 0 ? reply(call, "NO_PAY_OPTIONS") : reply(call, "SUCCESS", { paymentOptions });
}

/** An absent list, an empty list, and a list with `GLOBAL` or `ALL` allow everything. */
function isAllowed(allowed: readonly string[] | undefined, name: string): boolean {
  if (allowed === undefined || allowed.length === 0) return true;
  return allowed.includes(name) || allowed.includes("GLOBAL") || allowed.includes("ALL");
}
