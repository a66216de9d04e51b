/** The tasks of a replica every second: renews its lease, measures Redis's clock, reads the changes of other replicas. */
import type { Clock } from "../../base/clock.ts";
import type { LedgerChange } from "../../rules/ledger.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import { BEAT } from "./scripts.ts";
import { type SharedTime, timeOf } from "./shared-time.ts";

export interface BeatParts {
  readonly clock: Clock;
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly time: SharedTime;
  readonly inForce: RulesInForce;
  readonly replica: string;
  readonly leaseMs: number;
  readonly tell: (change: LedgerChange) => void;
}

/** How often the expiry of the entries is extended. */
const TOUCH_MS = 3_600_000;

/** One beat; with `returned` it first restores the rules in Redis. Rejects when Redis is unreachable. */
export function createBeat(parts: BeatParts): (returned: boolean) => Promise<void> {
  const { clock, inForce } = parts;
  let seenChanges = "";
  let touchedAtMs = Number.NEGATIVE_INFINITY;
  return async (returned) => {
    const changes = await renew(parts);
    if (returned) await inForce.align();
    const touch = clock.steady() - touchedAtMs > TOUCH_MS;
    if (returned || touch || changes !== seenChanges) await look(parts, returned, touch);
    seenChanges = changes;
    if (touch) touchedAtMs = clock.steady();
  };
}

/** Reads every window and sends again what Redis has lost. */
async function look({ inForce, tell }: BeatParts, returned: boolean, touch: boolean): Promise<void> {
  const read = await inForce.read(touch);
  if (read === "lost") await inForce.align();
  tell(read === "same" && !returned ? "tallies" : "windows");
}

/** Renews the lease and records Redis's time; returns the change counter. */
async function renew({ clock, link, keys, time, replica, leaseMs }: BeatParts): Promise<string> {
  const askedAtMs = clock.steady();
  const reply = await link.run(BEAT, [keys.leases, keys.changes], [replica, String(leaseMs)]);
  const [seconds, microseconds, changes]: readonly unknown[] = Array.isArray(reply) ? reply : [];
  time.observe(timeOf(seconds, microseconds), askedAtMs, clock.steady());
  return String(changes);
}
