/** The CA behind the front door's TLS: kept in the data folder, or made anew for a program that has none. */

import type { Clock } from "../base/clock.ts";
import { describeProblem } from "../base/problem.ts";
import { type Ca, createCa } from "../listeners/certificates/ca.ts";
import { type Certificates, createCertificates } from "../listeners/certificates/certificates.ts";
import { loadOrCreateCa } from "../listeners/certificates/load-ca.ts";
import type { AppSettings } from "./settings.ts";
import { StartupError } from "./startup-error.ts";

export interface LoadedCertificates {
  readonly certificates: Certificates;
  readonly caPem: string;
}

/** Certificates for `hosts` and this machine's own names. Throws a StartupError when the kept CA cannot be used. */
export async function loadCertificates(settings: AppSettings, hosts: readonly string[]): Promise<LoadedCertificates> {
  const { clock, log } = settings;
  const ca = await loadCa(settings, hosts);
  const onUncovered = createUncoveredCount(clock, (message) => log.event({ kind: "warning", message }));
  return { certificates: createCertificates({ ca, clock, onUncovered }), caPem: ca.certificatePem };
}

const TOLD_EVERY_MS = 60_000;

/** Clients choose the names, so that a line for each would fill the log: the first is told at once, those of the next minute as a count. */
export function createUncoveredCount(clock: Pick<Clock, "steady">, warn: (message: string) => void): (name: string) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (name) => {
    count += 1;
    if (clock.steady() - toldAtMs < TOLD_EVERY_MS) return;
    const others = count === 1 ? "" : ` (${count} such handshakes since the last line)`;
    warn(`the CA does not cover \`${name}\`: clients that check certificates refuse it; \`--tls-host\` adds a name${others}`);
    toldAtMs = clock.steady();
    count = 0;
  };
}

async function loadCa({ dataDir, clock, log }: AppSettings, hosts: readonly string[]): Promise<Ca> {
  if (dataDir === undefined) return createCa(hosts, clock.wall()).ca;
  const loaded = await loadOrCreateCa({ dataDir, hosts, nowMs: clock.wall() });
  if (loaded.kind === "bad") throw new StartupError(loaded.atFault === "ca" ? "certificate" : "data-dir", [loaded.problem]);
  for (const warning of loaded.warnings) log.event({ kind: "warning", message: describeProblem(warning) });
  return loaded.ca;
}
