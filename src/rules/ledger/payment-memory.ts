/** Remembers which payment request a payment id came from, so that stories told per payment hold across pay, inquiry, cancel and refund. */
import type { HttpRequest, HttpResponse } from "../../http/message.ts";

export interface PaymentMemory {
  /** The payment request id behind a payment id; undefined where no answer told it. */
  requestOf(paymentId: string): string | undefined;
  /** Notes the payment id and payment request id that this call makes known, and gives them when they were new. */
  observe(request: HttpRequest, response: HttpResponse): readonly [paymentId: string, requestId: string] | undefined;
  /** Payment id and payment request id, oldest first. */
  pairs(): readonly (readonly [string, string])[];
}

/** The oldest pair is forgotten past `limit`. */
export function createPaymentMemory(limit: number, saved: Iterable<readonly [string, string]> = []): PaymentMemory {
  const requests = new Map<string, string>(saved);
  return {
    requestOf: (paymentId) => requests.get(paymentId),
    observe(request, response) {
      const paymentId = textField(response.body, PAYMENT_ID);
      if (paymentId === undefined || requests.has(paymentId)) return undefined;
      const requestId = textField(request.body, PAYMENT_REQUEST_ID) ?? textField(response.body, PAYMENT_REQUEST_ID);
      if (requestId === undefined) return undefined;
      requests.set(paymentId, requestId);
      const [oldest] = requests.keys();
      if (requests.size > limit && oldest !== undefined) requests.delete(oldest);
      return [paymentId, requestId];
    },
    pairs: () => [...requests],
  };
}

/** Room for the name, white space and an id: Antom's ids have at most 64 characters. */
const REACH = 200;

const PAYMENT_ID = Buffer.from('"paymentId"');
const PAYMENT_REQUEST_ID = Buffer.from('"paymentRequestId"');

/** The plain text value of the first member of that name (given in its quotes) in a JSON body, found without parsing it: this runs on every call's path. */
function textField(body: Buffer, name: Buffer): string | undefined {
  const at = body.indexOf(name);
  if (at < 0) return undefined;
  const after = body.toString("latin1", at + name.length, at + name.length + REACH);
  return /^\s*:\s*"([\x20\x21\x23-\x5b\x5d-\x7e]{1,128})"/.exec(after)?.[1];
}
