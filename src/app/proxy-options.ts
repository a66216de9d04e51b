/** What a program may set when it starts a proxy from code. */
import type { KeyObject } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { LogLevel } from "../observe/log/log.ts";

/** The text of a rules file, or the list that would stand under its `rules:`. */
export type RulesInput = string | readonly Readonly<Record<string, unknown>>[];

export interface ProxyOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Temporary rules to begin with, which `setRules` replaces; default none. */
  readonly rules?: RulesInput;
  /** A rules file or folder to watch instead of `rules`. */
  readonly rulesPath?: string;
  /** Origin of the gateway; default: a stand-in sandbox of its own. */
  readonly upstream?: string;
  /** Antom's public key: a KeyObject, PEM or bare base64. Default: answers are signed again unchecked. */
  readonly antomPublicKey?: KeyObject | string;
  /** Your public key, for the stand-in to verify requests with. Default: any signature will do. */
  readonly merchantPublicKey?: KeyObject | string;
  /** The proxy's private key: a KeyObject, PEM or bare base64. Default: made fresh, RSA-2048. */
  readonly signingKey?: KeyObject | string;
  /** Default `all`. */
  readonly resign?: "all" | "overridden";
  readonly allowProduction?: boolean;
  /** Lets a caller ask for a fault on its own request with the header `x-fault: pay=RISK_REJECT`. */
  readonly allowHeaderFaults?: boolean;
  /** True or a port: metrics, health and the page on loopback. Default: none. */
  readonly admin?: boolean | number;
  /** Makes probabilities and random delays repeatable. Default: a new seed each time. */
  readonly seed?: string;
  /** Keeps windows and tallies across starts: a file, or `redis://…` for several proxies to share. Default: they end with the proxy. */
  readonly stateFile?: string;
  /** CAs, as PEM, to trust upstream besides the well-known ones. */
  readonly upstreamCas?: readonly string[];
  /** Default 30,000. */
  readonly upstreamTimeoutMs?: number;
  /** Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Largest head of an answer from the gateway; default 64 KiB. */
  readonly maxUpstreamHeaderBytes?: number;
  /** How long a client may take no byte of its answer; default 60,000. */
  readonly writeTimeoutMs?: number;
  /** What is written to standard output, as JSON lines. Default `silent`. */
  readonly logLevel?: LogLevel;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}
