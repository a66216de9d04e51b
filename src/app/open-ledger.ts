/** Chooses who keeps windows and tallies: this process, in a small file, or a Redis that several replicas share. */
import { correlation } from "../antom/correlation.ts";
import type { StateTarget } from "../config/state-target.ts";
import { createLedger } from "../ledger/memory/embedded-ledger.ts";
import { openStateFile } from "../ledger/memory/state-file.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { AppSettings } from "./settings.ts";

export interface OpenLedger {
  readonly ledger: Ledger;
  /** When windows were last seen by an earlier process, or by other replicas, on the steady clock; undefined: never. */
  readonly seenAtMs: number | undefined;
  /** Why windows and tallies cannot be reached just now; undefined while they can. */
  trouble(): string | undefined;
  /** Saves what is to be saved, and lets go. */
  close(): Promise<void>;
}

/** Opens the ledger of `settings.state`. Never fails: a Redis that is away is waited for while calls go on. */
export async function openLedger(settings: AppSettings): Promise<OpenLedger> {
  const { state } = settings;
  return state?.kind === "redis" ? await openShared(settings, state) : await openOwn(settings, state?.path);
}

async function openOwn({ clock, log, seed }: AppSettings, path: string | undefined): Promise<OpenLedger> {
  const warn = (message: string): void => log.event({ kind: "warning", message });
  const file = path === undefined ? undefined : await openStateFile({ path, clock, warn });
  const onError = (error: unknown): void => log.event({ kind: "bug", callId: undefined, error });
  const ledger = createLedger({ seed, correlation, saved: file?.saved, clock, onError });
  file?.bind(() => ledger.snapshot(clock.steady()));
  ledger.subscribe(() => file?.schedule());
  return {
    ledger,
    seenAtMs: file?.saved && file.saved.atMs - clock.wall() + clock.steady(),
    trouble: () => undefined,
    close: async () => file?.close(),
  };
}

async function openShared({ clock, log, seed }: AppSettings, target: Extract<StateTarget, { kind: "redis" }>): Promise<OpenLedger> {
  const { url, prefix, shown } = target;
  // Windows that other replicas opened before this moment are no news.
  const seenAtMs = clock.steady();
  // The Redis client is a third of all modules of the program: it is loaded only where it is used.
  const { openRedisLedger } = await import("../ledger/redis/redis-ledger.ts");
  const ledger = await openRedisLedger({ url, prefix, seed, correlation, clock });
  const troubleOf = (): string | undefined => {
    const health = ledger.health();
    return health.kind === "up" ? undefined : `the shared state at \`${shown}\` is away (${health.detail})`;
  };
  const tell = (): void => {
    const trouble = troubleOf();
    if (trouble === undefined) log.event({ kind: "notice", message: `the shared state at \`${shown}\` is there` });
    else log.event({ kind: "warning", message: `${trouble}: rules that count do not act, the others keep their last known windows` });
  };
  tell();
  ledger.onHealth(tell);
  return { ledger, seenAtMs, trouble: troubleOf, close: ledger.close };
}
