/** The one table that maps the failures of actions to HTTP statuses. */
import type { FailureKind } from "../actions/result.ts";

/** HTTP status for each kind of failure. */
export const FAILURE_STATUS = {
  invalid: 400,
  "not-found": 404,
  conflict: 409,
  unparsable: 422,
  unavailable: 503,
} as const satisfies Readonly<Record<FailureKind, number>>;
