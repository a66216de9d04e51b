/** Maps operations to their implementations; `generic` answers all other catalogued operations. */
import { cancel } from "./cancel.ts";
import { capture } from "./capture.ts";
import { consult } from "./consult.ts";
import { generic } from "./generic.ts";
import { inquiryPayment } from "./inquiry-payment.ts";
import { inquiryRefund } from "./inquiry-refund.ts";
import { createMeterSession, uploadEvent } from "./meter.ts";
import { pay } from "./pay.ts";
import { createPaymentSession } from "./payment-session.ts";
import { refund } from "./refund.ts";
import type { Implementation } from "./sandbox-state.ts";

const acted: ReadonlyMap<string, Implementation> = new Map<string, Implementation>([
  ["pay", pay],
  ["inquiryPayment", inquiryPayment],
  ["cancel", cancel],
  ["capture", capture],
  ["refund", refund],
  ["inquiryRefund", inquiryRefund],
  ["consult", consult],
  ["createPaymentSession", createPaymentSession],
  ["meter.createSession", createMeterSession],
  ["meter.uploadEvent", uploadEvent],
]);

/** The implementation of a catalogued operation. */
export function implementationOf(operation: string): Implementation {
  return acted.get(operation) ?? generic;
}
