/** The admin server with everything that the page and the REST interface work on. */
import { type Admin, startAdmin } from "../admin/server/server.ts";
import { publicKeyForms } from "../antom/keys.ts";
import { type Address, urlOf } from "../base/host-port.ts";
import { caFileIn } from "../listeners/certificates/load-ca.ts";
import type { Pipeline } from "../proxy/pipeline.ts";
import { bind } from "./bind.ts";
import type { Observers } from "./observers.ts";
import type { Upstream } from "./open-upstream.ts";
import type { RulesRuntime } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { packageVersion } from "./version.ts";
import { vocabulary } from "./vocabulary.ts";

export interface AdminParts {
  readonly rules: RulesRuntime;
  readonly observers: Observers;
  readonly pipeline: Pipeline;
  readonly upstream: Upstream;
  /** Addresses of the front door, really bound. */
  readonly listening: readonly Address[];
  /** True from the moment the program begins to end. */
  readonly stopping: () => boolean;
}

/** Starts it; undefined where the settings ask for none. */
export async function openAdmin(settings: AppSettings, parts: AdminParts): Promise<Admin | undefined> {
  const { admin, adminToken, adminHostNames: hostNames, log } = settings;
  if (admin === undefined) return undefined;
  const { rules, observers } = parts;
  const notReady = (): string[] => [parts.stopping() ? "stopping" : undefined, rules.trouble()].filter((reason) => reason !== undefined);
  const onBug = (error: unknown): void => log.event({ kind: "bug", callId: undefined, error });
  const guard = { hostNames, ...(adminToken !== undefined && { token: adminToken }) };
  return await bind(admin, () =>
    startAdmin({ ...admin, ...guard, metrics: observers.metrics, notReady, onBug, api: apiPorts(settings, parts) }),
  );
}

function apiPorts(settings: AppSettings, { rules, observers, pipeline, upstream, listening }: AdminParts) {
  const { dataDir, clock } = settings;
  const [first = { host: "127.0.0.1", port: 0 }] = listening;
  const { pem, base64 } = publicKeyForms(settings.signingKey);
  const caFile = dataDir === undefined ? undefined : caFileIn(dataDir);
  return {
    version: packageVersion,
    clock,
    journal: observers.journal,
    store: rules.store,
    ledger: rules.ledger,
    vocabulary,
    apply: rules.apply,
    layers: rules.layers,
    rulesFile: rules.texts?.home,
    pipeline,
    endpoint: { baseUrl: urlOf("http", first), httpsUrl: urlOf("https", first), caFile, publicKey: base64 },
    publicKeyPem: pem,
    listeners: listening.flatMap((address) => [urlOf("http", address), urlOf("https", address)]),
    upstream: upstream.origin,
    standIn: upstream.standIn,
    asksForToken: settings.adminToken !== undefined,
  };
}
