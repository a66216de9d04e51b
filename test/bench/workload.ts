/** The call that every system carries: a signed-looking `pay` or `inquiryPayment` of about 1 KB, and the keys of both sides. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";

export interface BenchKeys {
  /** Signs what the stand-in gateway answers. */
  readonly gateway: Pair;
  /** Signs what a proxy answers. */
  readonly proxy: Pair;
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** One kind of call. */
export interface CallShape {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const CLIENT_ID = "SANDBOX_5X00000000000000";
/** The operation that rules override. */
export const PAY = "/ams/sandbox/api/v1/payments/pay";
/** The operation that no rule claims. */
export const INQUIRY = "/ams/sandbox/api/v1/payments/inquiryPayment";
/** What the overriding rule answers. */
export const RESULT_CODE = "RISK_REJECT";

export function makeBenchKeys(): BenchKeys {
  return { gateway: makePair(), proxy: makePair() };
}

/** A call of `path`; `clientId` tells answers apart. */
export function callOf(path: string, clientId: string = CLIENT_ID): CallShape {
  return {
    method: "POST",
    path,
    headers: {
      "client-id": clientId,
      "request-time": "1795420800000",
      signature: `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(344)}`,
      "content-type": "application/json; charset=UTF-8",
    },
    body: BODY,
  };
}

/** Bodies of 1 KB both ways. */
const BODY = padded({ paymentRequestId: "bench-1", paymentAmount: { currency: "USD", value: "100" } });

/** What the stand-in gateway answers. */
export const ANSWER: string = padded({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
  paymentId: "20261123190741000000000000000000000",
});

function padded(fields: object): string {
  const bare = JSON.stringify({ ...fields, padding: "" });
  return JSON.stringify({ ...fields, padding: "x".repeat(1024 - bare.length) });
}

function makePair(): Pair {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}
