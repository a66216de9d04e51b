/** The rules of the soak and the calls that meet them: one of each kind of ending. */
import { rulesText } from "../figures/rules-text.ts";
import type { OrderedCall } from "../load/order.ts";
import { callOf } from "../workload.ts";

const PAYMENTS = "/ams/sandbox/api/v1/payments";

/** What is sent in turn, with what must come of it as long as the gateway's side is up. */
export const SOAK_CALLS: readonly OrderedCall[] = [
  { ...callOf(`${PAYMENTS}/inquiryPayment`), expect: "forwarded" },
  { ...callOf(`${PAYMENTS}/pay`), expect: "injected" },
  { ...callOf(`${PAYMENTS}/capture`), expect: "forwarded" },
  { ...callOf(`${PAYMENTS}/refund`), expect: "injected" },
  { ...callOf(`${PAYMENTS}/inquiryPayment`), expect: "forwarded" },
  { ...callOf(`${PAYMENTS}/cancel`), expect: "reset" },
  { ...callOf(`${PAYMENTS}/consult`), expect: "injected" },
];

/** Five hundred rules; `mark` makes those that match nobody other ones, and leaves those that act as they are. */
export function soakRules(mark: string): string {
  return `${rulesText(500, "operations", mark)}  - name: slow-refund
    api: refund
    active: true
    delay: 2ms
  - name: cut-cancel
    api: cancel
    active: true
    abort: reset
  - name: spoilt-consult
    api: consult
    active: true
    body: malformed-json
`;
}
