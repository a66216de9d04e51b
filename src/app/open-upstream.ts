/** The gateway's side: the connections to it, its rules of conduct, and the stand-in where none was named. */
import { createGateway } from "../antom/gateway.ts";
import { parsePublicKey } from "../antom/keys.ts";
import { createSigner } from "../antom/signature.ts";
import type { Gateway } from "../ports.ts";
import { startSandbox } from "../sandbox/start-sandbox.ts";
import { createDispatchers, type Dispatchers } from "../upstream/dispatchers.ts";
import type { AppSettings } from "./settings.ts";

export interface Upstream {
  /** Where calls go. */
  readonly origin: string;
  /** True: `origin` is the stand-in, and nothing leaves the machine. */
  readonly standIn: boolean;
  readonly gateway: Gateway;
  readonly dispatcherFor: Dispatchers["dispatcherFor"];
}

/** Opens it; what must be closed at the end is added to `undo`. */
export async function openUpstream(settings: AppSettings, undo: (() => Promise<unknown>)[]): Promise<Upstream> {
  const { merchantKey, clock } = settings;
  const sandbox =
    settings.upstream === undefined ? await startSandbox({ clock, ...(merchantKey && { merchantPublicKey: merchantKey }) }) : undefined;
  if (sandbox !== undefined) undo.push(sandbox.stop);
  const dispatchers = createDispatchers({ proxyFor: settings.proxyFor, extraCa: settings.upstreamCas });
  undo.push(dispatchers.close);
  const gateway = createGateway({
    signer: createSigner(settings.signingKey),
    antomKey: sandbox === undefined ? settings.antomKey : parsePublicKey(sandbox.publicKeyPem),
    resign: settings.resign,
    now: clock.now,
  });
  const origin = sandbox?.origin ?? settings.upstream ?? "";
  return { origin, standIn: sandbox !== undefined, gateway, dispatcherFor: dispatchers.dispatcherFor };
}
