/** Detects clients that do not read pending bytes. During a rule's own delay or hang no bytes are pending, so it never counts. */
import type { Socket } from "node:net";

export interface StalledOptions<T> {
  readonly timeoutMs: number;
  /** A number that changes with every byte that is read; undefined while nothing is pending. */
  readonly mark: (one: T) => number | undefined;
  readonly onStalled: (one: T) => void;
}

/** Longest interval between two checks, in milliseconds. */
const LONGEST_INTERVAL_MS = 1000;

/** Checks everything in `watched` periodically, until the returned function is called. */
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

/** Bytes accepted by the kernel, while more are pending. node:net's own timeouts use these counts, which include each byte; the public ones count whole writes. */
export function socketMark(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return undefined;
  const queued: unknown = Reflect.get(handle, "writeQueueSize");
  const written: unknown = Reflect.get(handle, "bytesWritten");
  if (typeof queued !== "number" || typeof written !== "number") return socket.writableLength === 0 ? undefined : -socket.writableLength;
  return queued === 0 ? undefined : written - queued;
}
