/** Finds clients that take no byte of what waits for them; a rule's own delay or hang leaves nothing waiting, and so never counts. */
import type { Socket } from "node:net";

export interface StalledOptions<T> {
  readonly timeoutMs: number;
  /** A number that changes with every byte that is taken; undefined while nothing waits. */
  readonly mark: (one: T) => number | undefined;
  readonly onStalled: (one: T) => void;
}

/** How often is looked, at most, in milliseconds. */
const LONGEST_INTERVAL_MS = 1000;

/** Looks at all that `watched` gives again and again, until the function is called that it returns. */
export function watchStalled<T extends object>(watched: () => Iterable<T>, { timeoutMs, mark, onStalled }: StalledOptions<T>): () => void {
  const seen = new WeakMap<T, { readonly mark: number | undefined; readonly sinceMs: number }>();
  const look = (): void => {
    const nowMs = performance.now();
    for (const one of watched()) {
      const now = mark(one);
      const last = seen.get(one);
      if (now === undefined || last?.mark !== now) seen.set(one, { mark: now, sinceMs: nowMs });
      else if (nowMs - last.sinceMs >= timeoutMs) onStalled(one);
    }
  };
  const timer = setInterval(look, Math.max(1, Math.min(LONGEST_INTERVAL_MS, timeoutMs / 4)));
  timer.unref();
  return () => clearInterval(timer);
}

/** Bytes that the kernel has taken, while more of them wait. node:net judges its own time-outs by the same counts, which know each byte; those in public know whole writes. */
export function socketMark(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return undefined;
  const queued: unknown = Reflect.get(handle, "writeQueueSize");
  const written: unknown = Reflect.get(handle, "bytesWritten");
  if (typeof queued !== "number" || typeof written !== "number") return socket.writableLength === 0 ? undefined : -socket.writableLength;
  return queued === 0 ? undefined : written - queued;
}
