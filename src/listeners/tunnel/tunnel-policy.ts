/** Decides about a CONNECT before its name is resolved, and again when the addresses are known; the proxy is not an open proxy. */
import { createHash, timingSafeEqual } from "node:crypto";
import { forbiddenRange, isLoopback } from "../../net/address-guard.ts";
import { type Authority, readAuthority } from "../../net/host-name.ts";

export interface TunnelPolicy {
  /** Lower-case names of the hosts whose tunnels are intercepted. */
  readonly intercepted: ReadonlySet<string>;
  /** Whether an unknown host has a name like an intercepted one: refused unless listed. undefined: none has. */
  readonly isLikeIntercepted?: (host: string) => boolean;
  /** The user's list: `host`, `host:port`, `*.example.com`, `address`. Listed targets may be private, and need no credentials. */
  readonly allowed: readonly string[];
  /** `user:password` for tunnels from other machines; undefined: other machines reach only listed hosts. */
  readonly credentials: string | undefined;
  /** Whether this is one of the proxy's own ports on this machine (the admin server, the listeners): never a target, listed or not. */
  readonly isOwn: (address: string, port: number) => boolean;
}

export interface TunnelRequest {
  /** As in the request line. */
  readonly target: string;
  /** The address that the client connected to. */
  readonly localAddress: string;
  readonly proxyAuthorization: string | undefined;
}

export interface Refusal {
  readonly kind: "refuse";
  readonly status: 400 | 403 | 407;
  readonly reason: string;
}

export type TunnelVerdict =
  | { readonly kind: "intercept"; readonly authority: Authority }
  /** To be resolved, checked by `refusalOf`, and connected; `listed`: the user listed it. */
  | { readonly kind: "dial"; readonly authority: Authority; readonly listed: boolean }
  | Refusal;

/** The decision based on the request only. */
export function decideTunnel(request: TunnelRequest, policy: TunnelPolicy): TunnelVerdict {
  const authority = readAuthority(request.target);
  if (authority === undefined) return { kind: "refuse", status: 400, reason: "the CONNECT target is not `host:port`" };
  if (policy.intercepted.has(authority.host)) return { kind: "intercept", authority };
  if (policy.allowed.some((pattern) => matchesPattern(pattern, authority))) return { kind: "dial", authority, listed: true };
  if (policy.isLikeIntercepted?.(authority.host) === true) {
    const reason = `\`${authority.host}\` is named like a payment gateway that this release does not know, so its calls could not be guarded; to reach it all the same, start the proxy with \`--allow-tunnel ${authority.host}\``;
    return { kind: "refuse", status: 403, reason };
  }
  if (isLoopback(request.localAddress)) return { kind: "dial", authority, listed: false };
  if (policy.credentials === undefined) {
    const reason = `tunnels from other machines reach listed hosts only; start the proxy with \`--allow-tunnel ${authority.host}\``;
    return { kind: "refuse", status: 403, reason };
  }
  if (credentialsMatch(request.proxyAuthorization, policy.credentials)) return { kind: "dial", authority, listed: false };
  return { kind: "refuse", status: 407, reason: "tunnels from other machines need the proxy's user name and password" };
}

/** The decision on a target's addresses: all must be allowed, since any may be used. undefined: allowed. */
export function refusalOf(addresses: readonly string[], authority: Authority, listed: boolean, policy: TunnelPolicy): Refusal | undefined {
  for (const address of addresses) {
    if (policy.isOwn(address, authority.port)) return forbid("this is the proxy's own address");
    const range = listed ? undefined : forbiddenRange(address);
    if (range !== undefined) {
      return forbid(
        `\`${authority.host}\` is at ${/^[aeiou]/.test(range) ? "an" : "a"} ${range} address (${address}); to allow it, start the proxy with \`--allow-tunnel ${authority.host}\``,
      );
    }
  }
  return undefined;
}

/** `*.example.com` means names below example.com, not the name itself; a pattern without port means every port. */
export function matchesPattern(pattern: string, { host, port }: Authority): boolean {
  const wild = pattern.startsWith("*.");
  const read = readAuthority(wild ? pattern.slice(2) : pattern, port);
  if (read === undefined || read.port !== port) return false;
  return wild ? host.endsWith(`.${read.host}`) : host === read.host;
}

/** Compares `Basic` credentials (RFC 7617) in constant time. */
export function credentialsMatch(header: string | undefined, expected: string): boolean {
  const encoded = /^basic +([a-z0-9+/]+=*) *$/i.exec(header ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(Buffer.from(encoded, "base64")), digest(Buffer.from(expected)));
}

function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function forbid(reason: string): Refusal {
  return { kind: "refuse", status: 403, reason };
}
