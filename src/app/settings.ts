/** What startApp needs, with every file read: made from a Config by the command line, from options by startProxy. */
import type { KeyObject } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Address } from "../base/host-port.ts";
import type { StateTarget } from "../config/state-target.ts";
import type { DoorLimits } from "../listeners/connection/door.ts";
import type { Log } from "../observe/log/log.ts";
import type { Source } from "../rules/language/parse.ts";
import type { ProxyFor } from "../upstream/proxy-choice.ts";

export interface AppSettings {
  readonly listen: readonly Address[];
  /** What to say once at the start; free of secrets. */
  readonly warnings?: readonly string[];
  /** Undefined: no admin server. */
  readonly admin: Address | undefined;
  /** What the admin server asks for; undefined: nothing, and only this machine reaches it. */
  readonly adminToken: string | undefined;
  readonly adminHostNames: readonly string[];
  /** Files that are watched (`mayBeMissing`: nothing of that name need exist at the start), or a text of temporary rules. */
  readonly rules:
    | { readonly kind: "path"; readonly path: string; readonly mayBeMissing?: boolean }
    | { readonly kind: "text"; readonly source: Source };
  /** Where the CA lives; undefined: it is made anew and kept in memory. */
  readonly dataDir: string | undefined;
  /** Where windows and tallies survive a restart, or are shared; undefined: neither. */
  readonly state: StateTarget | undefined;
  /** Signs every answer. */
  readonly signingKey: KeyObject;
  /** Verifies the gateway's answers; with the stand-in as upstream its own key is taken. */
  readonly antomKey: KeyObject | undefined;
  /** Lets the stand-in verify the merchant's requests. */
  readonly merchantKey: KeyObject | undefined;
  /** The gateway's origin; undefined: the stand-in sandbox, started along. */
  readonly upstream: string | undefined;
  readonly resign: "all" | "overridden";
  readonly allowProduction: boolean;
  /** A caller may ask for a fault with the header `x-fault`. */
  readonly allowHeaderFaults: boolean;
  readonly seed: string;
  /** Further names and addresses for the https way in. */
  readonly tlsHosts: readonly string[];
  /** Who may tunnel where; see TunnelPolicy. */
  readonly allowTunnels: readonly string[];
  readonly tunnelCredentials: string | undefined;
  /** Which proxy leads to an origin; undefined: none. */
  readonly proxyFor: ProxyFor | undefined;
  /** Further CAs, as PEM, to trust upstream. */
  readonly upstreamCas: readonly string[];
  readonly upstreamTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Largest head of the gateway's answers. */
  readonly maxUpstreamHeaderBytes: number;
  /** Bounds for clients that are slow, silent, large or many; what is left out has its standard value. */
  readonly limits: Partial<DoorLimits>;
  /** Calls kept in the journal. */
  readonly journalCalls: number;
  readonly log: Log;
  readonly clock: Clock;
}
