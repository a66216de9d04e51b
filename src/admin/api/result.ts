/** What a route answers: a body, or a refusal with the status that says whose fault it is. */
import type { Problem } from "../../base/problem.ts";

/** 400 wrong input, 404 not there, 409 not possible as things stand, 422 rules that do not parse, 503 the world failed. */
export type FailureStatus = 400 | 404 | 409 | 422 | 503;

export interface Failure {
  readonly kind: "failed";
  readonly status: FailureStatus;
  /** For a person, in the style of a Problem's message. */
  readonly error: string;
  readonly problems: readonly Problem[];
}

export type Result<T> = { readonly kind: "ok"; readonly body: T } | Failure;

export function ok<T>(body: T): Result<T> {
  return { kind: "ok", body };
}

export function fail(status: FailureStatus, error: string, problems: readonly Problem[] = []): Failure {
  return { kind: "failed", status, error, problems };
}
