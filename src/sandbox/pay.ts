/** pay: charges cards and tokens immediately, redirects wallet buyers to the cashier page (docs.antom.com/ac/ams/payment_cashier and payment_agreement, 2026-11). */
import type { z } from "zod";
import type { Reply, SandboxCall } from "./call.ts";
import { finished, openPayment, type Payment } from "./payment.ts";
import { paymentReply } from "./payment-reply.ts";
import { amount, captureMode, flag, group, idText, isSet, readParameters, text } from "./read-parameters.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";
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

/** Wallets with a token on the buyer's device; they need no redirect. */
const DEVICE_WALLETS: ReadonlySet<string> = new Set(["APPLEPAY", "GOOGLEPAY"]);

/** Creates a payment that succeeds, fails or stays in process; a repeated paymentRequestId gets the answer of the same payment. */
export function pay(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(PayRequest, call);
  if (read.kind === "refused") return read.reply;
  const request = read.value;
  const known = state.payments.byRequestId(call.clientId, request.paymentRequestId);
  if (known !== undefined) return isSame(known, request) ? paymentReply(call, state, known) : reply(call, "REPEAT_REQ_INCONSISTENT");
  const payment = settle(call, state, request);
  state.payments.put(payment);
  return paymentReply(call, state, payment);
}

/** Compares the key fields of docs.antom.com/ac/ams/idempotency; a session's payment has no payment method yet, so any method matches. */
function isSame(known: Payment, request: PayRequest): boolean {
  const sameAmount = known.amount.currency === request.paymentAmount.currency && known.amount.value === request.paymentAmount.value;
  if (known.methodType === undefined) return sameAmount;
  return sameAmount && known.paymentMethodId === request.paymentMethod.paymentMethodId;
}

function settle(call: SandboxCall, state: SandboxState, request: PayRequest): Payment {
  const { clientId, nowMs } = call;
  const { paymentMethodType, paymentMethodId, paymentMethodMetaData } = request.paymentMethod;
  const opened = openPayment({
    clientId,
    paymentId: state.newId(nowMs),
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

/** True when the buyer must act before the charge: no token, no card data, or 3D Secure requested. */
function needsBuyer({ paymentMethod }: PayRequest): boolean {
  const { paymentMethodType, paymentMethodId, paymentMethodMetaData } = paymentMethod;
  if (isSet(paymentMethodMetaData?.is3DSAuthentication)) return true;
  if (paymentMethodId !== undefined || DEVICE_WALLETS.has(paymentMethodType)) return false;
  return paymentMethodMetaData?.cardNo === undefined;
}
