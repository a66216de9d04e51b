/** pay: charges cards and tokens at once, sends wallets' buyers to the cashier's page (docs.antom.com/ac/ams/payment_cashier and payment_agreement, 2026-11). */
import type { z } from "zod";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { finished, openPayment, type Payment } from "./payment.ts";
import { paymentReply } from "./payment-reply.ts";
import { amount, captureMode, flag, group, idText, isSet, readBody, text } from "./read-body.ts";
import { reply } from "./reply.ts";
import { magicFailure } from "./test-cards.ts";

const PayRequest = group({
  productCode: text(32),
  paymentRequestId: idText,
  order: group({ referenceOrderId: idText, orderDescription: text(256), orderAmount: amount }),
  paymentAmount: amount,
  paymentMethod: group({
    paymentMethodType: text(64),
    paymentMethodId: text(128).optional(),
    paymentMethodMetaData: group({
      cardNo: text(32).optional(),
      cvv: text(8)
        .regex(/^\d{3,4}$/, "must have 3 or 4 digits")
        .optional(),
      expiryMonth: text(8).optional(),
      is3DSAuthentication: flag.optional(),
    }).optional(),
  }),
  paymentFactor: group({ captureMode: captureMode.optional(), inStorePaymentScenario: text(32).optional() }).optional(),
  paymentRedirectUrl: text(2048).optional(),
});
type PayRequest = z.infer<typeof PayRequest>;

/** Wallets whose token is on the buyer's device: nothing to redirect to. */
const DEVICE_WALLETS: ReadonlySet<string> = new Set(["APPLEPAY", "GOOGLEPAY"]);

/** Succeeds, fails or stays in process; the same paymentRequestId gets the same payment's answer again. */
export function pay(call: Call, desk: Desk): Reply {
  const read = readBody(PayRequest, call);
  if (read.kind === "refused") return read.reply;
  const request = read.value;
  const known = desk.payments.byRequestId(call.clientId, request.paymentRequestId);
  if (known !== undefined) return isSame(known, request) ? paymentReply(call, desk, known) : reply(call, "REPEAT_REQ_INCONSISTENT");
  const payment = settle(call, desk, request);
  desk.payments.put(payment);
  return paymentReply(call, desk, payment);
}

/** The key fields of docs.antom.com/ac/ams/idempotency; a session's payment has no payment method yet, so any will do. */
function isSame(known: Payment, request: PayRequest): boolean {
  const sameAmount = known.amount.currency === request.paymentAmount.currency && known.amount.value === request.paymentAmount.value;
  if (known.methodType === undefined) return sameAmount;
  return sameAmount && known.paymentMethodId === request.paymentMethod.paymentMethodId;
}

function settle(call: Call, desk: Desk, request: PayRequest): Payment {
  const { clientId, nowMs } = call;
  const { paymentMethodType, paymentMethodId, paymentMethodMetaData } = request.paymentMethod;
  const opened = openPayment({
    clientId,
    paymentId: desk.newId(nowMs),
    paymentRequestId: request.paymentRequestId,
    amount: request.paymentAmount,
    methodType: paymentMethodType,
    paymentMethodId,
    captureMode: request.paymentFactor?.captureMode ?? "AUTOMATIC",
    isOrderCode: request.paymentFactor?.inStorePaymentScenario === "OrderCode",
    createdAtMs: nowMs,
    redirectUrl: request.paymentRedirectUrl,
  });
  const failure = magicFailure(request.paymentAmount, paymentMethodMetaData ?? {});
  if (failure !== undefined) return finished(opened, "FAIL", nowMs, failure);
  return needsBuyer(request) ? opened : finished(opened, "SUCCESS", nowMs);
}

/** True where a person has to act before the money moves: no token, no card data, or 3D Secure asked for. */
function needsBuyer({ paymentMethod }: PayRequest): boolean {
  const { paymentMethodType, paymentMethodId, paymentMethodMetaData } = paymentMethod;
  if (isSet(paymentMethodMetaData?.is3DSAuthentication)) return true;
  if (paymentMethodId !== undefined || DEVICE_WALLETS.has(paymentMethodType)) return false;
  return paymentMethodMetaData?.cardNo === undefined;
}
