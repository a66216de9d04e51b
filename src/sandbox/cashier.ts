/** The page at a payment's `normalUrl`: visiting it completes the payment; with `?outcome=fail` the payment fails. */
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { finished, type Payment } from "./payment.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** Path prefix of the pages; the payment id follows. */
export const CASHIER_PATH = "/stand-in/cashier/";

/** Result code of a payment that failed on this page. */
const BUYER_FAILED = "USER_PAYMENT_VERIFICATION_FAILED";

/** Completes the payment and returns its page; undefined for a request to any other path. */
export function cashierPage(request: HttpRequest, state: SandboxState, nowMs: number): HttpResponse | undefined {
  if (request.method !== "GET" || !request.path.startsWith(CASHIER_PATH)) return undefined;
  const [path = "", query = ""] = request.path.split("?", 2);
  const payment = state.payments.byIdOfAnyone(path.slice(CASHIER_PATH.length));
  if (payment === undefined)
    return page(404, "No such payment", "<p>The stand-in sandbox keeps payments in memory only, and has none with this id.</p>");
  const fails = new URLSearchParams(query).get("outcome") === "fail";
  const visited = fails ? finished(payment, "FAIL", nowMs, BUYER_FAILED) : finished(payment, "SUCCESS", nowMs);
  state.payments.put(visited);
  return page(200, `Payment ${visited.status}`, details(visited));
}

function details(payment: Payment): string {
  const { paymentId, paymentRequestId, amount, redirectUrl } = payment;
  const rows = [
    ["paymentId", paymentId],
    ["paymentRequestId", paymentRequestId],
    ["paymentAmount", `${amount.value} ${amount.currency} (smallest unit)`],
  ].map(([name = "", value = ""]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`);
  const back =
    redirectUrl !== undefined && /^https?:\/\//i.test(redirectUrl)
      ? `<p><a href="${escaped(redirectUrl)}">Back to the merchant</a></p>`
      : "";
  return `<dl>${rows.join("")}</dl>${back}<p>No money moves here: this is a stand-in for Antom's sandbox.</p>`;
}

function page(status: number, title: string, content: string): HttpResponse {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><main><h1>${title}</h1>${content}</main></html>\n`;
  const body = Buffer.from(html);
  const headers = [
    "content-type",
    "text/html; charset=utf-8",
    "content-security-policy",
    "default-src 'none'",
    "cache-control",
    "no-store",
  ];
  return { status, headers: [...headers, "content-length", String(body.length)], body };
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
