/** consult: the payment methods that a buyer could use (docs.antom.com/ac/ams/consult, 2026-11); a small fixed choice here. */
import { z } from "zod";
import type { Call, Reply } from "./call.ts";
import { amount, group, readBody, text } from "./read-body.ts";
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

/** The methods less those that the merchant excludes; NO_PAY_OPTIONS when none is left. */
export function consult(call: Call): Reply {
  const read = readBody(ConsultRequest, call);
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

/** An absent or empty list, and one that names `GLOBAL` or `ALL`, allow everything. */
function isAllowed(allowed: readonly string[] | undefined, name: string): boolean {
  if (allowed === undefined || allowed.length === 0) return true;
  return allowed.includes(name) || allowed.includes("GLOBAL") || allowed.includes("ALL");
}
