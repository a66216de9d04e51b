/**
 * Values that are usually available synchronously; no promise is created for them.
 * Speed, 2026-11-23: six asynchronous functions per call allocated 2 to 3 KB of promises and contexts. test/base/maybe-promise.test.ts notices
 * its removal.
 */

export type MaybePromise<T> = T | Promise<T>;

/** Applies `next` to the value, synchronously if the value is not a promise. */
export function mapMaybePromise<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
