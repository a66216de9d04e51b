/**
 * The fault `abort`: the connection ends before the whole answer is sent.
 *
 * `reset` sends a TCP RST, `hang` sends nothing until the client disconnects, `empty` closes the connection without a byte, `close` closes it after
 * the headers, `truncate` within the body. Behaviour of the official SDKs (2026-11): none returns a result to the merchant's code. On `reset` and `empty`
 * they raise a transport error (PHP: null, then "HttpRpcResult is null."). On `close` and `truncate` Java throws an unchecked
 * NullPointerException or JSONException, Go reports "signature verification failed", PHP "result field is null". On `hang` Java and Python (a bare
 * TimeoutError) give up after 15 s, Go after 15 s to the headers, .NET after 100 s; PHP waits without limit. With `upstream: call` the payment is made and only the answer is lost.
 */
import { z } from "zod";
import { type Delivery, defineFault, type Fault, type FaultKind } from "./fault.ts";
import { keyed } from "./mistakes.ts";

const WORDS = ["reset", "hang", "close", "empty", "truncate"] as const;
type Word = (typeof WORDS)[number];

const written = z.union([
  z.enum(WORDS).meta({
    description: "reset, hang (until the client gives up), close (after the headers), empty (before them), truncate (half the body)",
  }),
  keyed({ truncate: z.int().min(0).max(1_000_000_000).meta({ description: "bytes of the body to send" }) }),
]);

export const abortFault: FaultKind = defineFault({
  key: "abort",
  schema: written,
  compile(value) {
    const word = typeof value === "string" ? value : "truncate";
    const delivery = deliveryOf(word, typeof value === "string" ? undefined : value.truncate);
    const fault: Fault = {
      kind: "abort",
      summary: summaryOf(word, delivery),
      answer: delivery.kind === "truncate" ? "needs" : "makes",
      delivers: true,
      effects: () => [{ kind: "deliver", delivery }],
    };
    return { kind: "ok", value: fault };
  },
});

function deliveryOf(word: Word, afterBytes: number | undefined): Delivery {
  if (word === "truncate") return { kind: "truncate", afterBytes };
  return word === "close" ? { kind: "truncate", afterBytes: 0 } : { kind: word };
}

function summaryOf(word: Word, delivery: Delivery): string {
  switch (word) {
    case "reset":
      return "resets the connection";
    case "hang":
      return "never answers";
    case "empty":
      return "closes the connection without a byte";
    case "close":
      return "closes the connection after the headers";
    case "truncate":
      return delivery.kind === "truncate" && delivery.afterBytes !== undefined
        ? `cuts the body after ${delivery.afterBytes} bytes`
        : "cuts the body in half";
    default:
      return word satisfies never;
  }
}
