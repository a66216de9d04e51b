/** Runs once a second: renews the replica's lease, detects changes of other replicas, and determines whether Redis is reachable. */
import type { Clock } from "../../base/clock.ts";

/** Whether the shared state is reachable. */
export type Health =
  | { readonly kind: "up" }
  /** `detail` is for people and contains no secret. */
  | { readonly kind: "away"; readonly detail: string };

export interface Heartbeat {
  health(): Health;
  /** Reports a failure: Redis counts as unreachable until a beat succeeds. */
  lost(detail: string): void;
  /** Runs a beat immediately instead of at the next second. */
  wake(): void;
  /** Resolves at the first successful beat, or after `ms`. */
  firstBeat(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  /** One beat; rejects when Redis is unreachable. `returned`: it was unreachable until now, so everything must be restored. */
  readonly beat: (returned: boolean) => Promise<void>;
  readonly describe: (error: unknown) => string;
  readonly onHealth: (health: Health) => void;
}

/** Starts immediately. Until the first beat Redis counts as unreachable, without a notification. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, everyMs } = options;
  let ended = false;
  let health: Health = { kind: "away", detail: "not connected yet" };
  let losses = 0;
  let pause = new AbortController();
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const turn = (next: Health): void => {
    const changed = next.kind !== health.kind;
    health = next;
    if (changed) options.onHealth(next);
  };
  const lost = (detail: string): void => {
    losses += 1;
    if (!ended) turn({ kind: "away", detail });
  };
  const beatOnce = async (): Promise<void> => {
    const lossesBefore = losses;
    try {
      await options.beat(health.kind === "away");
      // A change during the beat may be missed; the next beat finds it.
      if (losses === lossesBefore) turn({ kind: "up" });
      arrive();
    } catch (error) {
      lost(options.describe(error));
    }
  };
  const run = async (): Promise<void> => {
    while (!ended) {
      pause = new AbortController();
      await beatOnce();
      await clock.sleep(everyMs, pause.signal).catch(() => undefined);
    }
  };
  const running = run();
  return {
    health: () => health,
    lost,
    wake: () => pause.abort(),
    async firstBeat(ms) {
      const timer = new AbortController();
      await Promise.race([arrived, clock.sleep(ms, timer.signal).catch(() => undefined)]);
      timer.abort();
    },
    async stop() {
      ended = true;
      pause.abort();
      await running;
    },
  };
}
