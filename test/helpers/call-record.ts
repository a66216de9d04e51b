/** Whole, valid call records: a test names only what matters to it. */
import type { HttpRequest, HttpResponse } from "../../src/http/message.ts";
import type { Arrival, CallRecord, Decision, Identity } from "../../src/ports/ports.ts";

const PAY_PATH = "/ams/sandbox/api/v1/payments/pay";

export function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "POST",
    target: PAY_PATH,
    path: PAY_PATH,
    authority: "127.0.0.1:8080",
    headers: ["Host", "127.0.0.1:8080", "client-id", "SANDBOX_5X00000000000000", "Content-Type", "application/json; charset=UTF-8"],
    body: Buffer.from('{"paymentRequestId":"R1","paymentAmount":{"currency":"USD","value":"100"}}'),
    ...changes,
  };
}

export function response(changes: Partial<HttpResponse> = {}): HttpResponse {
  return {
    status: 200,
    headers: ["content-type", "application/json; charset=UTF-8"],
    body: Buffer.from('{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."}}'),
    ...changes,
  };
}

export function identity(changes: Partial<Identity> = {}): Identity {
  return { operation: "pay", clientId: "SANDBOX_5X00000000000000", apiKey: undefined, standing: { kind: "sandbox" }, ...changes };
}

export function arrival(changes: Partial<Arrival> = {}): Arrival {
  return { way: "http", remoteAddress: "127.0.0.1", localPort: 8080, serverName: undefined, tunnelTo: undefined, ...changes };
}

/** A forwarded `pay` that succeeded. */
export function callRecord(changes: Partial<CallRecord> = {}): CallRecord {
  return {
    id: "call-1",
    startedAtMs: Date.UTC(2026, 10, 2, 8, 0, 0),
    durationMs: 12.345,
    waitMs: undefined,
    upstreamMs: 10,
    deliveryMs: 1.5,
    arrival: arrival(),
    request: request(),
    identity: identity(),
    outcome: "forwarded",
    rule: undefined,
    resultCode: "SUCCESS",
    upstreamResponse: response(),
    response: response(),
    verdict: "valid",
    failure: undefined,
    refusal: undefined,
    delivery: "whole",
    deliveryEnd: "whole",
    sentBytes: response().body.length,
    ...changes,
  };
}

/** The first firing of the rule `name`. */
export function decision(name: string): Decision {
  return { name, identity: `${name}#1`, step: 1, firing: 1, rulesVersion: "v1", action: "answers RISK_REJECT (F)" };
}

/** A `pay` that the rule `pay-risk-reject` answered. */
export function injectedRecord(changes: Partial<CallRecord> = {}): CallRecord {
  return callRecord({
    outcome: "injected",
    rule: decision("pay-risk-reject"),
    resultCode: "RISK_REJECT",
    upstreamMs: undefined,
    upstreamResponse: undefined,
    verdict: undefined,
    ...changes,
  });
}
