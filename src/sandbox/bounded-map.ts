/** A map that removes its oldest entry when it is full, so that a long-running stand-in does not grow. */

export interface BoundedMap<T> {
  get(key: string): T | undefined;
  /** Adds or replaces an entry; returns the evicted entry, if any. */
  set(key: string, value: T): T | undefined;
  /** Oldest first. */
  values(): readonly T[];
  clear(): void;
}

/** An empty map of at most `limit` entries. */
export function createBoundedMap<T>(limit: number): BoundedMap<T> {
  const entries = new Map<string, T>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.set(key, value);
      return entries.size > limit ? dropOldest(entries) : undefined;
    },
    values: () => [...entries.values()],
    clear: () => entries.clear(),
  };
}

function dropOldest<T>(entries: Map<string, T>): T | undefined {
  for (const [key, value] of entries) {
    entries.delete(key);
    return value;
  }
  return undefined;
}
