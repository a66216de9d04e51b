/** Reads a call's body and finds the rule that acts on the call. */
import type { Clock } from "../base/clock.ts";
import { dropHeaders, nameSet } from "../http/headers.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Decision, UpstreamFailure } from "../ports/ports.ts";
import { CALLER_HEADER } from "../rules/caller-faults.ts";
import type { Firing } from "../rules/rule.ts";
import type { RuleChooser } from "../rules/select/chooser.ts";
import { type AdmitParts, streamUnread } from "./admit.ts";
import { CLIENT_GONE, fail, type Passing, refuse } from "./call.ts";
import { createFacts } from "./facts.ts";
import { sortEffects } from "./sort-effects.ts";

export interface ChooseParts extends Pick<AdmitParts, "readCallerFault"> {
  readonly clock: Pick<Clock, "steady">;
  readonly rules: RuleChooser;
}

const BODY_BROKE_OFF: UpstreamFailure = { kind: "cancelled", detail: "the request ended before its body was whole" };
const CALLER_LINE = nameSet([CALLER_HEADER]);

/** Stage: the whole body; one over the limit is streamed. */
export function read(passing: Passing, parts: ChooseParts): Promise<void> | undefined {
  return passing.lane === "exchange" ? readWhole(passing, parts) : undefined;
}

async function readWhole(passing: Passing, parts: ChooseParts): Promise<void> {
  const body = await passing.transport.read(passing.wire);
  switch (body.kind) {
    case "whole":
      passing.call.request.body = body.body;
      return;
    case "over-limit":
      passing.prefix = body.prefix;
      return streamUnread(passing, parts);
    case "broken":
      fail(passing, BODY_BROKE_OFF, CLIENT_GONE);
      passing.lane = "over";
      return;
    default:
      body satisfies never;
  }
}

/** Stage: the fault that the caller asks for, or the first rule that matches and fires. */
export function choose(passing: Passing, parts: ChooseParts): Promise<void> | undefined {
  if (passing.lane !== "exchange") return undefined;
  const { call } = passing;
  const facts = createFacts(call.request, call.identity, call.arrival, parts.clock.steady());
  const caller = parts.readCallerFault?.(facts);
  if (caller?.kind === "wrong") return void refuse(passing, CALLER_HEADER, caller.message);
  if (caller !== undefined) passing.outgoing = withoutCallerHeader(call.request);
  const chosen = caller?.kind === "fires" ? caller.firing : parts.rules.choose(facts);
  if (chosen instanceof Promise) return chosen.then((firing) => act(passing, firing));
  act(passing, chosen);
  return undefined;
}

function act(passing: Passing, firing: Firing | undefined): void {
  if (firing === undefined) return;
  passing.firing = firing;
  passing.effects = sortEffects(firing.effects);
  passing.delivery = passing.effects.delivery;
  passing.call.rule = decisionOf(firing);
}

/** A firing as plain data. */
export function decisionOf({ rule, step, ordinal, rulesVersion, action }: Firing): Decision {
  return { name: rule.name, identity: rule.identity, step, firing: ordinal, rulesVersion, action };
}

function withoutCallerHeader({ method, target, path, authority, headers, body }: HttpRequest): HttpRequest {
  return { method, target, path, authority, headers: dropHeaders(headers, CALLER_LINE), body };
}
