/** A list of listeners: an exception in one is reported and does not affect the others or the caller. */

/** Called with an exception of a listener. */
export type OnListenerError = (error: unknown) => void;

export interface Subscribers<T> {
  tell(value: T): void;
  /** Returns a function that unsubscribes. */
  add(listener: (value: T) => void): () => void;
}

/** Creates an empty list. */
export function createSubscribers<T>(onError: OnListenerError = warnOfListener): Subscribers<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    tell(value) {
      for (const listener of listeners) callListener(listener, value, onError);
    },
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls `listener`; passes its exception to `onError`, and an exception of `onError` to the process's warnings. */
export function callListener<T>(listener: (value: T) => void, value: T, onError: OnListenerError = warnOfListener): void {
  try {
    listener(value);
  } catch (error) {
    reportError(error, onError);
  }
}

/** Calls `onError`; never throws. */
export function reportError(error: unknown, onError: OnListenerError = warnOfListener): void {
  try {
    onError(error);
  } catch {
    warnOfListener(error);
  }
}

/** Node prints it on standard error and continues. */
function warnOfListener(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
