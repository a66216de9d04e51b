/** The CA behind the front door's TLS: kept in the data folder, or made anew for a program that has none. */
import { type Ca, createCa } from "../listeners/certificates/ca.ts";
import { type Certificates, createCertificates } from "../listeners/certificates/certificates.ts";
import { loadOrCreateCa } from "../listeners/certificates/load-ca.ts";
import { describeProblem } from "../problem.ts";
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
  const onUncovered = (name: string): void =>
    log.event({ kind: "warning", message: `the CA does not cover \`${name}\`: clients that check certificates refuse it` });
  return { certificates: createCertificates({ ca, clock, onUncovered }), caPem: ca.certificatePem };
}

async function loadCa({ dataDir, clock, log }: AppSettings, hosts: readonly string[]): Promise<Ca> {
  if (dataDir === undefined) return createCa(hosts, clock.wall()).ca;
  const loaded = await loadOrCreateCa({ dataDir, hosts, nowMs: clock.wall() });
  if (loaded.kind === "bad") throw new StartupError(loaded.atFault === "ca" ? "certificate" : "data-dir", [loaded.problem]);
  for (const warning of loaded.warnings) log.event({ kind: "warning", message: describeProblem(warning) });
  return loaded.ca;
}
