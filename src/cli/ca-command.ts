/** `ca`: prints the proxy's CA and how to make clients trust it; creates a missing CA, so that clients can trust it before the first start. */
import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { Argument } from "commander";
import { gatewayHosts } from "../antom/hosts.ts";
import { StartupError } from "../app/startup-error.ts";
import { systemClock } from "../base/machine-clock.ts";
import { describeProblem } from "../base/problem.ts";
import type { Ca } from "../listeners/certificates/ca.ts";
import { constraintText } from "../listeners/certificates/constraints.ts";
import { caFileIn, loadOrCreateCa } from "../listeners/certificates/load-ca.ts";
import { caText, trustClients } from "./ca.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

export function addCa({ program, io, done }: Registry): void {
  const command = program
    .command("ca")
    .description("print where the proxy's CA certificate is, and how to make clients trust it")
    .addArgument(new Argument("[client]", "one kind of client only").choices(trustClients))
    .option("--path", "print the path alone, for scripts");
  addSettings(command, ["dataDir", "tlsHost"]).action(async (client: string | undefined, flags: Record<string, unknown>) => {
    const { dataDir, tlsHosts } = await loadConfig(flags, io.environment);
    const loaded = await loadOrCreateCa({ dataDir, hosts: [...gatewayHosts, ...tlsHosts], nowMs: systemClock.wall() });
    if (loaded.kind === "bad") throw new StartupError(loaded.atFault === "ca" ? "certificate" : "data-dir", [loaded.problem]);
    for (const warning of loaded.warnings) io.err(`${describeProblem(warning)}\n`);
    const caFile = resolve(caFileIn(dataDir));
    io.out(flags["path"] === true ? `${caFile}\n` : caText({ caFile, ...factsOf(loaded.ca) }, client));
    done(exitCodes.ok);
  });
}

function factsOf(ca: Ca): { fingerprint: string; notAfterMs: number; hosts: string[] } {
  const { fingerprint256 } = new X509Certificate(ca.certificatePem);
  return { fingerprint: fingerprint256, notAfterMs: ca.notAfterMs, hosts: ca.permitted.map(constraintText) };
}
