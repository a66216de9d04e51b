/** The label values of closed sets: their series exist from the start, since an alert on an increase misses a series that appears as 1. */
import type { DeliveryEnd, FailureKind, RefusalReason, SignatureVerdict } from "../../ports/ports.ts";
import { OTHER } from "./metric-definitions.ts";

/** Events of the listeners besides calls. */
export type ConnectionEvent =
  | "handshake"
  | "malformed"
  | "stalled"
  | "dropped"
  | `connect-${"intercepted" | "tunnelled" | "refused" | "failed"}`;

/** Every member of a union; the compiler reports a missing one. */
function valuesOf<Value extends string>(all: Readonly<Record<Value, true>>): readonly string[] {
  return Object.keys(all);
}

export const verdictLabels: readonly string[] = valuesOf<SignatureVerdict>({ valid: true, invalid: true, missing: true, unchecked: true });

export const failureLabels: readonly string[] = valuesOf<FailureKind>({
  refused: true,
  reset: true,
  timeout: true,
  tls: true,
  name: true,
  "too-large": true,
  cancelled: true,
  other: true,
});

export const refusalLabels: readonly string[] = [
  ...valuesOf<RefusalReason>({
    production: true,
    loop: true,
    "upgrade-body": true,
    path: true,
    "client-id": true,
    "api-key": true,
    authorization: true,
    session: true,
    "x-session-id": true,
    "x-fault": true,
  }),
  OTHER,
];

export const deliveryLabels: readonly string[] = valuesOf<DeliveryEnd>({
  whole: true,
  cut: true,
  nothing: true,
  aborted: true,
  open: true,
});

export const connectionEventLabels: readonly string[] = valuesOf<ConnectionEvent>({
  handshake: true,
  malformed: true,
  stalled: true,
  dropped: true,
  "connect-intercepted": true,
  "connect-tunnelled": true,
  "connect-refused": true,
  "connect-failed": true,
});
