/** What `--log-level debug` shows of each stage that a call has passed: what is known since. */
import type { CallRecord } from "../../ports/ports.ts";
import { redactPath } from "../redact/redact.ts";

type Fields = Readonly<Record<string, string | number | undefined>>;

/** The line's fields; those that do not apply are undefined. */
export function stageFields(call: CallRecord, stage: string): Fields {
  return { id: call.id, stage, ...learnt(call, stage) };
}

/** The line for a person: `k3f9a1-000001 choose rule=pay-risk-reject step=1 firing=2`. */
export function stageText(call: CallRecord, stage: string): string {
  const known = Object.entries(learnt(call, stage)).filter(([, value]) => value !== undefined);
  return [call.id, stage, ...known.map(([name, value]) => `${name}=${value}`)].join(" ");
}

function learnt(call: CallRecord, stage: string): Fields {
  switch (stage) {
    case "identify":
      return identified(call);
    case "admit":
      return { refusal: call.refusal };
    case "read":
      return { bodyBytes: call.request.body.length };
    case "choose":
      return { rule: call.rule?.name, step: call.rule?.step, firing: call.rule?.firing, action: call.rule?.action };
    case "perform":
      return {
        waitMs: call.waitMs,
        upstreamMs: call.upstreamMs,
        upstreamStatus: call.upstreamResponse?.status,
        failure: call.failure?.kind,
      };
    case "seal":
      return { status: call.response?.status, resultCode: call.resultCode, signature: call.verdict };
    case "write":
      return { delivery: call.delivery };
    default:
      return { outcome: call.outcome, deliveryEnd: call.deliveryEnd, sentBytes: call.sentBytes, ms: call.durationMs };
  }
}

function identified({ identity, request }: CallRecord): Fields {
  const path = identity.operation === undefined ? redactPath(request.path) : undefined;
  return { operation: identity.operation, path, clientId: identity.clientId, standing: identity.standing.kind };
}
