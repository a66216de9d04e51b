/** Remembers which payment request a payment id came from, so that stories told per payment hold across pay, inquiry, cancel and refund. */
import { textAfterName } from "../http/member-text.ts";
import type { HttpRequest } from "../http/message.ts";

export interface PaymentMemory {
  /** The payment request id behind a payment id; undefined where no answer told it. */
  requestOf(paymentId: string): string | undefined;
  /** Notes the payment id and payment request id that this call makes known, and gives them when they were new; `content` is the answer's, decoded. */
  observe(request: HttpRequest, content: Buffer): readonly [paymentId: string, requestId: string] | undefined;
  /** Payment id and payment request id, oldest first. */
  pairs(): readonly (readonly [string, string])[];
}

/** The oldest pair is forgotten past `limit`. */
export function createPaymentMemory(limit: number, saved: Iterable<readonly [string, string]> = []): PaymentMemory {
  const requests = new Map<string, string>(saved);
  return {
    requestOf: (paymentId) => requests.get(paymentId),
    observe(request, content) {
      const paymentId = idUnder(PAYMENT_ID, content);
      if (paymentId === undefined || requests.has(paymentId)) return undefined;
      const requestId = idUnder(PAYMENT_REQUEST_ID, request.body) ?? idUnder(PAYMENT_REQUEST_ID, content);
      if (requestId === undefined) return undefined;
      requests.set(paymentId, requestId);
      const [oldest] = requests.keys();
      if (requests.size > limit && oldest !== undefined) requests.delete(oldest);
      return [paymentId, requestId];
    },
    pairs: () => [...requests],
  };
}

/** Antom's ids have at most 64 characters, all of them plain. */
const PLAIN_ID = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

const PAYMENT_ID = Buffer.from('"paymentId"');
const PAYMENT_REQUEST_ID = Buffer.from('"paymentRequestId"');

/** The id under the first member of that name (given in its quotes) in a JSON body, found without parsing it: this runs on every call's path. */
function idUnder(name: Buffer, body: Buffer): string | undefined {
  const at = body.indexOf(name);
  const id = at < 0 ? undefined : textAfterName(body, at + name.length);
  return id !== undefined && PLAIN_ID.test(id) ? id : undefined;
}
