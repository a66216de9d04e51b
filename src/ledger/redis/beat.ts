/** What a replica does every second: renews its lease, sets its clock by Redis's, and reads what the others changed. */
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

/** How often the entries are kept from expiring. */
const TOUCH_MS = 3_600_000;

/** The beat; `returned` brings everything in line first. Rejects when Redis is away. */
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

/** Reads every window; what Redis has lost it is told again. */
async function look({ inForce, tell }: BeatParts, returned: boolean, touch: boolean): Promise<void> {
  const read = await inForce.read(touch);
  if (read === "lost") await inForce.align();
  tell(read === "same" && !returned ? "tallies" : "windows");
}

/** Renews the lease and books the time; gives the count of changes. */
async function renew({ clock, link, keys, time, replica, leaseMs }: BeatParts): Promise<string> {
  const askedAtMs = clock.steady();
  const reply = await link.run(BEAT, [keys.leases, keys.changes], [replica, String(leaseMs)]);
  const [seconds, microseconds, changes]: readonly unknown[] = Array.isArray(reply) ? reply : [];
  time.observe(timeOf(seconds, microseconds), askedAtMs, clock.steady());
  return String(changes);
}
