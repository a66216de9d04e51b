/** The merchant's side: the front door, what it does with a call, and what with a CONNECT. */
import { gatewayHosts, isGatewayName } from "../antom/hosts.ts";
import { createFrontDoor, type FrontDoor } from "../listeners/connection/front-door.ts";
import { createRequestHandler } from "../listeners/exchange.ts";
import { createConnectHandler } from "../listeners/tunnel/connect.ts";
import { createUpgradeHandler } from "../listeners/upgrade.ts";
import type { Pipeline } from "../proxy/pipeline.ts";
import { createStreamLane } from "../upstream/stream.ts";
import { createUpgradeLane } from "../upstream/upgrade.ts";
import type { LoadedCertificates } from "./load-certificates.ts";
import type { Observers } from "./observers.ts";
import type { Upstream } from "./open-upstream.ts";
import type { AppSettings } from "./settings.ts";

export interface DoorParts {
  readonly pipeline: Pipeline;
  readonly observers: Observers;
  readonly tls: LoadedCertificates;
  readonly upstream: Pick<Upstream, "dial" | "loopGuard">;
  /** Whether this is one of this process's own addresses, to which no tunnel may lead. */
  readonly isOwn: (address: string, port: number) => boolean;
  /** Aborted when the door stops. */
  readonly halt: AbortController;
}

/** A front door with no address yet. */
export function openDoor(settings: AppSettings, parts: DoorParts): FrontDoor {
  const { pipeline, observers, tls, halt } = parts;
  const { maxBodyBytes } = settings;
  const { dial, loopGuard } = parts.upstream;
  const way = { dial, timeoutMs: settings.upstreamTimeoutMs, maxHeadBytes: settings.maxUpstreamHeaderBytes, viaFor: loopGuard?.viaFor };
  const onCall = createRequestHandler({ pipeline, stream: createStreamLane(way), maxBodyBytes, halt: halt.signal });
  const policy = {
    intercepted: new Set(gatewayHosts),
    isLikeIntercepted: isGatewayName,
    allowed: settings.allowTunnels,
    credentials: settings.tunnelCredentials,
    isOwn: parts.isOwn,
  };
  return createFrontDoor({
    certificates: tls.certificates,
    onCall,
    onUpgrade: createUpgradeHandler({ pipeline, lane: createUpgradeLane(way) }),
    limits: settings.limits,
    createOnConnect: createConnectHandler({ policy, onEvent: observers.onDoorEvent }),
    onEvent: observers.onDoorEvent,
    halt,
  });
}
