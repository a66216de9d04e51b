/** The log line of one call; it contains no body, header or secret. */

import type { CallRecord } from "../../ports/ports.ts";
import { redactPath } from "../redact/redact.ts";
import type { LineLevel } from "./log-line.ts";

/** Fields of a call's line; undefined fields are omitted from the JSON. */
export interface CallFields {
  readonly id: string;
  readonly operation: string | undefined;
  /** Only for calls without a known operation. */
  readonly path: string | undefined;
  readonly outcome: string;
  readonly rule: string | undefined;
  /** The step of the rule, the number of the firing, and the version of the rules. */
  readonly step: number | undefined;
  readonly firing: number | undefined;
  readonly rulesVersion: string | undefined;
  readonly resultCode: string | undefined;
  /** HTTP status sent; undefined when no answer was sent. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Parts of the duration: a rule's delay, and the delivery of the answer. */
  readonly waitMs: number | undefined;
  readonly upstreamMs: number | undefined;
  readonly deliveryMs: number | undefined;
  /** Body bytes sent. */
  readonly sentBytes: number | undefined;
  readonly way: string;
  readonly clientId: string | undefined;
  /** Verdict on the gateway's signature. */
  readonly signature: string | undefined;
  /** How the answer was delivered, unless normally. */
  readonly delivery: string | undefined;
  /** How the delivery ended, unless the whole answer was sent. */
  readonly deliveryEnd: string | undefined;
  /** Why the call was refused, or why the gateway gave no answer. */
  readonly reason: string | undefined;
}

/** `error` for a failed call, `warn` for one that was refused, cancelled by the client or had a bad upstream signature; `info` for an injected fault, which was requested. */
export function callLevel(record: CallRecord): LineLevel {
  if (record.failure?.kind === "cancelled" || isLost(record)) return "warn";
  if (record.outcome === "failed") return "error";
  if (record.outcome === "refused" || record.verdict === "invalid") return "warn";
  return "info";
}

/** An answer that broke off without a rule having asked for it. */
function isLost({ deliveryEnd, delivery }: CallRecord): boolean {
  return deliveryEnd === "aborted" && delivery !== "hang";
}

/** The call as fields of a JSON line. */
export function callFields(record: CallRecord): CallFields {
  const { identity, arrival } = record;
  return {
    id: record.id,
    operation: identity.operation,
    path: identity.operation === undefined ? redactPath(record.request.path) : undefined,
    outcome: record.outcome,
    rule: record.rule?.name,
    step: record.rule?.step,
    firing: record.rule?.firing,
    rulesVersion: record.rule?.rulesVersion,
    resultCode: record.resultCode,
    status: record.response?.status,
    ms: round(record.durationMs),
    waitMs: rounded(record.waitMs),
    upstreamMs: rounded(record.upstreamMs),
    deliveryMs: rounded(record.deliveryMs),
    sentBytes: record.sentBytes,
    way: arrival.way,
    clientId: identity.clientId,
    signature: record.verdict,
    delivery: isPlain(record.delivery) ? undefined : record.delivery,
    deliveryEnd: record.deliveryEnd === "whole" ? undefined : record.deliveryEnd,
    reason: reasonOf(record),
  };
}

/** The call as one line for people: `pay injected by pay-risk-reject · RISK_REJECT · 200 · 1.2 ms · http`. */
export function callText(record: CallRecord): string {
  const fields = callFields(record);
  const by = fields.rule === undefined ? "" : ` by ${fields.rule}`;
  const parts = [
    `${fields.operation ?? fields.path} ${fields.outcome}${by}`,
    fields.resultCode,
    fields.status === undefined ? undefined : String(fields.status),
    `${fields.ms} ms`,
    fields.way,
    fields.clientId,
    fields.signature === "invalid" || fields.signature === "missing" ? `upstream signature ${fields.signature}` : undefined,
    deliveryText(fields),
    fields.reason,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** `throttle · 512 bytes in 10 s`, `truncate: cut · 5 bytes`; undefined for a normal delivery. */
function deliveryText({ delivery, deliveryEnd, sentBytes, deliveryMs }: CallFields): string | undefined {
  if (delivery === undefined && deliveryEnd === undefined) return undefined;
  const how = deliveryEnd === undefined || deliveryEnd === delivery ? (delivery ?? deliveryEnd) : `${delivery ?? "answer"}: ${deliveryEnd}`;
  const bytes =
    deliveryMs === undefined || sentBytes === undefined || sentBytes === 0 ? undefined : `${sentBytes} bytes sent in ${deliveryMs} ms`;
  return bytes === undefined ? how : `${how} · ${bytes}`;
}

function reasonOf(record: CallRecord): string | undefined {
  if (record.failure !== undefined) return `${record.failure.kind}: ${record.failure.detail}`;
  if (record.outcome !== "refused") return undefined;
  const { standing } = record.identity;
  return standing.kind === "refused" ? standing.message : record.refusal;
}

function isPlain(delivery: string): boolean {
  return delivery === "whole" || delivery === "";
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : round(ms);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
