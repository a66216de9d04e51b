/** Whoever wants to be told: a listener that throws is reported, and stops neither the others nor who tells. */

/** Told what a listener threw. */
export type OnListenerError = (error: unknown) => void;

export interface Subscribers<T> {
  tell(value: T): void;
  /** Returns how to unsubscribe. */
  add(listener: (value: T) => void): () => void;
}

/** No subscribers yet. */
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

/** Calls `listener`; what it throws goes to `onError`, and what that throws to the process's warnings. */
export function callListener<T>(listener: (value: T) => void, value: T, onError: OnListenerError = warnOfListener): void {
  try {
    listener(value);
  } catch (error) {
    reportError(error, onError);
  }
}

/** Tells `onError`; never throws. */
export function reportError(error: unknown, onError: OnListenerError = warnOfListener): void {
  try {
    onError(error);
  } catch {
    warnOfListener(error);
  }
}

/** Node prints it on standard error and goes on. */
function warnOfListener(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
