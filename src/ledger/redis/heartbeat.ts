/** Beats once a second: renews the replica's lease, notices what the others changed, and decides whether Redis is there. */
import type { Clock } from "../../base/clock.ts";

/** Whether the shared state can be reached. */
export type Health =
  | { readonly kind: "up" }
  /** `detail` is for a person and holds no secret. */
  | { readonly kind: "away"; readonly detail: string };

export interface Heartbeat {
  health(): Health;
  /** Something failed: away until a beat succeeds. */
  lost(detail: string): void;
  /** Beats now rather than at the next second. */
  wake(): void;
  /** Resolves at the first beat that succeeds, or after `ms`. */
  firstBeat(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  /** One beat; rejects when Redis is away. `returned`: it was away until now, so everything is to be brought in line. */
  readonly beat: (returned: boolean) => Promise<void>;
  readonly describe: (error: unknown) => string;
  readonly onHealth: (health: Health) => void;
}

/** Begins to beat at once. Until the first beat Redis counts as away, and nobody is told of that. */
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
      // What was lost during the beat is lost: the next one finds out.
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
