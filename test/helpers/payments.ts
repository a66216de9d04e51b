/** Whole valid request bodies of the payment operations, so that a test shows only what matters to it. */

export interface PayChanges {
  readonly id?: string;
  readonly value?: string;
  readonly currency?: string;
  /** `paymentMethod` as it is to stand in the body. */
  readonly method?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A pay body: 1000 USD by a card's token unless changed; fields besides `id`, `value`, `currency` and `method` go in as they are. */
export function payBody(changes: PayChanges = {}): Record<string, unknown> {
  const { id = "pay-1", value = "1000", currency = "USD", method, ...fields } = changes;
  const amount = { currency, value };
  return {
    productCode: "CASHIER_PAYMENT",
    paymentRequestId: id,
    order: { referenceOrderId: `order-${id}`, orderDescription: "a book", orderAmount: amount },
    paymentAmount: amount,
    paymentMethod: method ?? { paymentMethodType: "CARD", paymentMethodId: "token-1" },
    ...fields,
  };
}

/** The factor of a payment that is authorised now and captured later. */
export const manualCapture = { paymentFactor: { captureMode: "MANUAL" } };

/** A wallet that needs the buyer. */
export const wallet = { paymentMethodType: "ALIPAY_CN" };

export function captureBody(paymentId: unknown, value = "1000", id = "capture-1"): Record<string, unknown> {
  return { captureRequestId: id, paymentId, captureAmount: { currency: "USD", value } };
}

export function refundBody(paymentId: unknown, value = "1000", id = "refund-1"): Record<string, unknown> {
  return { refundRequestId: id, paymentId, refundAmount: { currency: "USD", value } };
}
