/** Values that are usually available synchronously; no promise is created for them. */

export type MaybePromise<T> = T | Promise<T>;

/** Applies `next` to the value, synchronously if the value is not a promise. */
export function mapMaybePromise<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
