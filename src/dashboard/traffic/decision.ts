/** What was decided on a call and how its answer was delivered, in sentences, from the record alone. Pure. */
import type { CallDetail, CallSummary } from "../../admin/api/views/call-view.ts";
import { counted, milliseconds } from "../format.ts";

/** What the rule did, or why none acted. Names are in backquotes; nothing in it depends on the rules in force now. */
export function decisionOn(call: CallDetail): string {
  const acted = call.rule === undefined ? "No rule acted" : `\`${call.rule}\` acted`;
  const action = call.action ? `: it ${call.action}` : "";
  switch (call.outcome) {
    case "injected":
      return `${acted}${action}.`;
    case "forwarded":
      return call.rule === undefined ? "No rule acted: the call was forwarded." : `${acted}${action}. The call was forwarded.`;
    case "refused":
      return `The call was refused before anything was sent to the gateway${call.refusal === undefined ? "" : ` (\`${call.refusal}\`)`}.`;
    case "failed":
      return `${acted}${action}. The call failed${failureOf(call)}.`;
    case "tunnelled":
      return "The call was carried without being read: no rule can act on it.";
    default:
      return call.outcome satisfies never;
  }
}

/** Which step and firing of which rules it was; undefined where no rule acted. */
export function decisionPlace({ decision }: CallDetail): string | undefined {
  if (decision === undefined) return undefined;
  const { step, firing, rulesVersion } = decision;
  return `Step ${step}, firing ${firing}, ${rulesVersion === undefined ? "asked for by the caller’s header" : `rules version \`${rulesVersion}\``}.`;
}

const ENDS: Readonly<Record<NonNullable<CallSummary["deliveryEnd"]>, string>> = {
  whole: "whole",
  cut: "cut off by the proxy",
  nothing: "no answer: the connection was ended",
  aborted: "broken off: the client left or took nothing, or the proxy stopped",
  open: "still open when this was recorded",
};

/** How the answer was delivered: what was to be done, how it ended, bytes and time where they are known. */
export function deliveryOf(call: CallDetail): string {
  const { delivery, deliveryEnd, sentBytes, deliveryMs, response } = call;
  const bytes = response?.bodyBytes;
  const sent = sentBytes === undefined ? undefined : sentOf(sentBytes, bytes);
  const parts = [
    delivery === "whole" ? undefined : delivery,
    deliveryEnd === undefined ? "end not known" : ENDS[deliveryEnd],
    sent,
    deliveryMs === undefined ? undefined : `in ${milliseconds(deliveryMs)}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** Total time, and the parts of it that are known. A record without an end of the delivery was written before the delivery. */
export function timesOf({ durationMs, waitMs, upstreamMs, deliveryMs, deliveryEnd }: CallDetail): string {
  const part = (name: string, ms: number | undefined): string | undefined => (ms === undefined ? undefined : `${name} ${milliseconds(ms)}`);
  const parts = [part("delay", waitMs), part("gateway", upstreamMs), part("delivery", deliveryMs)];
  const total = `${milliseconds(durationMs)}${deliveryEnd === undefined ? " without the delivery" : ""}`;
  return [total, ...parts.filter((one) => one !== undefined)].join(", ");
}

function sentOf(sentBytes: number, bytes: number | undefined): string {
  return bytes === undefined || bytes === sentBytes
    ? counted(sentBytes, "byte")
    : `${sentBytes.toLocaleString("en")} of ${counted(bytes, "byte")}`;
}

function failureOf({ failure }: CallDetail): string {
  return failure === undefined ? "" : ` (\`${failure.kind}\`): ${failure.detail}`;
}
