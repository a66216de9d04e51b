/** Which code acts out which operation; every other catalogued one is answered by `generic`. */
import { cancel } from "./cancel.ts";
import { capture } from "./capture.ts";
import { consult } from "./consult.ts";
import type { Operate } from "./desk.ts";
import { generic } from "./generic.ts";
import { inquiryPayment } from "./inquiry-payment.ts";
import { inquiryRefund } from "./inquiry-refund.ts";
import { createMeterSession, uploadEvent } from "./meter.ts";
import { pay } from "./pay.ts";
import { createPaymentSession } from "./payment-session.ts";
import { refund } from "./refund.ts";

const acted: ReadonlyMap<string, Operate> = new Map<string, Operate>([
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

/** The operation's code, by its catalogued name. */
export function operateAs(operation: string): Operate {
  return acted.get(operation) ?? generic;
}
