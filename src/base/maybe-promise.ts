/** Values that are mostly there already: they make no promise, and nothing that needs them is put off. */

export type Awaitable<T> = T | Promise<T>;

/** What `next` gives for the value, at once where it is there. */
export function whenThere<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
