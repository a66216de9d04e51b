/** Keeps calls from coming back to this proxy without end: an `--upstream` that is one of its own listeners, or another proxy that leads back here. */
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { headerValues } from "../http/headers.ts";
import type { RequestHead } from "../http/message.ts";
import { forbiddenRange } from "../net/address-guard.ts";
import { startupError } from "./startup-error.ts";

/** Names this process in a `Via` line (RFC 9110 §7.6.3) of the calls to one origin. */
export interface LoopGuard {
  /** The line's value for calls to this origin; undefined: they carry none. */
  viaFor(origin: string): string | undefined;
  /** Whether a call that arrives has been through this process before. */
  hasPassed(head: RequestHead): boolean;
}

const LOOKUP_MS = 2000;

/**
 * A guard for calls to `origin`. Only an upstream at private addresses is told of the proxy: a loop leads through one, and Antom's gateways, which
 * are public, are sent nothing that the merchant did not write. A name that cannot be resolved at the start counts as public.
 */
export async function createLoopGuard(origin: string): Promise<LoopGuard> {
  const addresses = await addressesOf(origin);
  const isPrivate = addresses.length > 0 && addresses.every((address) => forbiddenRange(address) !== undefined);
  const via = `1.1 antom-fault-proxy-${randomBytes(8).toString("hex")}`;
  return {
    viaFor: (asked) => (isPrivate && asked === origin ? via : undefined),
    hasPassed: ({ headers }) => headerValues(headers, "via").some((value) => value.includes(via)),
  };
}

/** Throws a StartupError where `origin` is one of the process's own listeners, by whatever name or address. */
export async function refuseOwnUpstream(origin: string, isOwn: (address: string, port: number) => boolean): Promise<void> {
  const { port, protocol } = new URL(origin);
  const addresses = await addressesOf(origin);
  if (!addresses.some((address) => isOwn(address, Number(port || (protocol === "https:" ? 443 : 80))))) return;
  throw startupError(
    "settings",
    "--upstream",
    `\`${origin}\` is a listener of this proxy itself: every call would come back without end`,
    "name Antom's gateway, or leave the setting out for the built-in stand-in sandbox",
  );
}

/** All addresses of the origin's host; none where it cannot be resolved in time, which the first call will tell. */
async function addressesOf(origin: string): Promise<readonly string[]> {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
  const late = new Promise<never[]>((resolve) => {
    setTimeout(resolve, LOOKUP_MS, []).unref();
  });
  const found = lookup(host, { all: true }).catch(() => []);
  return (await Promise.race([found, late])).map(({ address }) => address);
}
