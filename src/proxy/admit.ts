/** Decides from a call's head alone whether it is refused, streamed or read whole. */
import type { RequestHead } from "../http/message.ts";
import type { Arrival, Destination, Gateway, Identity, RefusalReason } from "../ports/ports.ts";

export interface AdmitParts {
  readonly gateway: Pick<Gateway, "identify">;
  /** Production calls pass through the stream lane, untouched; false: they are refused. */
  readonly allowProduction: boolean;
  /** Whether a call has been through this proxy before; undefined: none can have. */
  readonly hasPassed?: ((head: RequestHead) => boolean) | undefined;
  /** Where a call of this identity and arrival goes. */
  readonly destinationFor: (identity: Identity, arrival: Arrival) => Destination;
}

/** What may happen to a call, known from its head alone. */
export type Admission =
  /** Refused: nothing leaves the machine. The body need not be read. */
  | { readonly kind: "refused"; readonly identity: Identity; readonly reason: RefusalReason; readonly message: string }
  /** To be streamed to its destination untouched; no rule can act on it. */
  | { readonly kind: "stream"; readonly identity: Identity; readonly destination: Destination }
  /** To be read whole and handed to `handle`. */
  | { readonly kind: "exchange"; readonly identity: Identity; readonly destination: Destination };

const LOOP = "it has been through this proxy before: what `--upstream` names leads back here";

/** The verdict on one call. */
export function admit(head: RequestHead, arrival: Arrival, parts: AdmitParts): Admission {
  const identity = parts.gateway.identify(head);
  const { standing } = identity;
  if (parts.hasPassed?.(head) === true) return { kind: "refused", identity, reason: "loop", message: LOOP };
  if (standing.kind === "refused") return { kind: "refused", identity, reason: standing.reason, message: standing.message };
  const destination = parts.destinationFor(identity, arrival);
  if (standing.kind === "sandbox") return { kind: "exchange", identity, destination };
  if (parts.allowProduction) return { kind: "stream", identity, destination };
  const message =
    "this is a production call (path and client id); only sandbox calls pass, unless the proxy runs with `--allow-production`";
  return { kind: "refused", identity, reason: "production", message };
}
