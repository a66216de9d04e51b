/** The result of an action: a value, or why it could not be done; `api/failure-status.ts` maps the kinds of failure to HTTP. */
import type { Problem } from "../../base/problem.ts";

/**
 * Why an action failed. `invalid`: the input is wrong. `not-found`: nothing has that name or id. `conflict`: not possible in the present state.
 * `unparsable`: rules that do not parse. `unavailable`: a file or the upstream failed.
 */
export type FailureKind = "invalid" | "not-found" | "conflict" | "unparsable" | "unavailable";

/** A failed action. */
export interface Failure {
  readonly kind: FailureKind;
  /** For a person, in the style of a Problem's message. */
  readonly error: string;
  /** Mistakes in rules, each with its place; empty where the message says all. */
  readonly problems: readonly Problem[];
}

/** The value, or the failure. */
export type Result<T> = { readonly kind: "ok"; readonly value: T } | Failure;

/** A success. */
export function ok<T>(value: T): Result<T> {
  return { kind: "ok", value };
}

/** A failure of this kind. */
export function fail(kind: FailureKind, error: string, problems: readonly Problem[] = []): Failure {
  return { kind, error, problems };
}
