/** The gateway's side: the connections to it, its rules of conduct, and the stand-in where none was named. */
import { createGateway } from "../antom/gateway.ts";
import { parsePublicKey } from "../antom/keys.ts";
import { createSigner } from "../antom/signature.ts";
import type { Gateway } from "../ports/ports.ts";
import { startSandbox } from "../sandbox/start-sandbox.ts";
import { type Connections, createConnections } from "../upstream/connections.ts";
import { createDial, type Dial } from "../upstream/dial.ts";
import { createLoopGuard, type LoopGuard } from "./loops.ts";
import type { AppSettings } from "./settings.ts";
import type { Undo } from "./undo.ts";

export interface Upstream {
  /** Where calls go. */
  readonly origin: string;
  /** True: `origin` is the stand-in, and nothing leaves the machine. */
  readonly standIn: boolean;
  readonly gateway: Gateway;
  readonly dial: Dial;
  /** Undefined for the stand-in, which leads nowhere. */
  readonly loopGuard: LoopGuard | undefined;
  /** The exchange lane's. */
  readonly connections: Connections;
}

export interface UpstreamParts {
  readonly undo: Undo;
  /** Whether this is one of this process's own addresses, which no call may be sent to. */
  readonly isOwn: (address: string, port: number) => boolean;
}

/** Opens it; what must be closed at the end is added to `undo`. */
export async function openUpstream(settings: AppSettings, { undo, isOwn }: UpstreamParts): Promise<Upstream> {
  const { merchantKey, clock, proxyFor } = settings;
  const sandbox =
    settings.upstream === undefined ? await startSandbox({ clock, ...(merchantKey && { merchantPublicKey: merchantKey }) }) : undefined;
  if (sandbox !== undefined) undo.push("the stand-in sandbox", sandbox.stop);
  const dial = createDial({ proxyFor, extraCa: settings.upstreamCas, isOwn });
  const connections = createConnections(dial, settings.maxUpstreamHeaderBytes);
  undo.push("the connections to the gateway", connections.close);
  const gateway = createGateway({
    signer: createSigner(settings.signingKey),
    antomKey: sandbox === undefined ? settings.antomKey : parsePublicKey(sandbox.publicKeyPem),
    resign: settings.resign,
    now: clock.wall,
    steady: clock.steady,
  });
  const origin = sandbox?.origin ?? settings.upstream ?? "";
  const loopGuard = sandbox === undefined ? await createLoopGuard(origin) : undefined;
  return { origin, standIn: sandbox !== undefined, gateway, dial, connections, loopGuard };
}
