/** Decides from a call's head alone who it is to the gateway, and whether it is refused, streamed or read whole. */
import { headerValue } from "../http/headers.ts";
import type { RequestHead } from "../http/message.ts";
import type { Arrival, CallRecord, Destination, Gateway, Identity, RefusalReason } from "../ports/ports.ts";
import { CALLER_HEADER, type ReadCallerFault } from "../rules/caller-faults.ts";
import { type Passing, refuse } from "./call.ts";

export interface AdmitParts {
  readonly gateway: Pick<Gateway, "identify">;
  /** Production calls pass through the stream lane, untouched; false: they are refused. */
  readonly allowProduction: boolean;
  /** Whether a call has been through this proxy before; undefined: none can have. */
  readonly hasPassed?: ((head: RequestHead) => boolean) | undefined;
  /** Where a call of this identity and arrival goes. */
  readonly destinationFor: (identity: Identity, arrival: Arrival) => Destination;
  /** Faults that the caller asks for; undefined: its header is forwarded like any other. */
  readonly readCallerFault?: ReadCallerFault | undefined;
}

/** What may happen to a call, known from its head alone. */
export type Admission =
  /** Refused: nothing leaves the machine. The body need not be read. */
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly message: string }
  /** `stream`: carried to its destination untouched; no rule can act on it. `exchange`: read whole, for the rules to see. */
  | { readonly kind: "stream" | "exchange"; readonly destination: Destination };

const LOOP = "it has been through this proxy before: what `--upstream` names leads back here";

/** Stage: who the call is to the gateway. */
export function identify({ call }: Passing, { gateway }: AdmitParts): undefined {
  call.identity = gateway.identify(call.request);
}

/** Stage: whether the call may go on, and by which lane. */
export function admit(passing: Passing, parts: AdmitParts): undefined {
  const { call, transport, wire } = passing;
  const objection = transport.objection(wire);
  if (objection !== undefined) return void refuse(passing, "upgrade-body", objection);
  const admission = judge(call, parts);
  if (admission.kind === "refused") return void refuse(passing, admission.reason, admission.message);
  passing.destination = admission.destination;
  if (admission.kind === "stream" || !transport.reads) streamUnread(passing, parts);
}

/** Streams the call, unless its caller asks for a fault: none can act on a call that is not read, and the header must not reach the gateway. */
export function streamUnread(passing: Passing, { readCallerFault }: Pick<AdmitParts, "readCallerFault">): void {
  passing.lane = "stream";
  if (readCallerFault === undefined || headerValue(passing.call.request.headers, CALLER_HEADER) === undefined) return;
  const message = `\`${CALLER_HEADER}\` cannot act on this call (production, an upgrade, or a body over \`--max-body\`): leave the header out`;
  refuse(passing, CALLER_HEADER, message);
}

/** The verdict on one call. */
export function judge({ request, identity, arrival }: Pick<CallRecord, "request" | "identity" | "arrival">, parts: AdmitParts): Admission {
  const { standing } = identity;
  if (parts.hasPassed?.(request) === true) return { kind: "refused", reason: "loop", message: LOOP };
  if (standing.kind === "refused") return standing;
  const destination = parts.destinationFor(identity, arrival);
  if (standing.kind === "sandbox") return { kind: "exchange", destination };
  if (parts.allowProduction) return { kind: "stream", destination };
  const message =
    "this is a production call (path and client id); only sandbox calls pass, unless the proxy runs with `--allow-production`";
  return { kind: "refused", reason: "production", message };
}
