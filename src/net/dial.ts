/** Opens a connection to a host, only at addresses that were checked. */
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { formatAddress } from "../base/host-port.ts";
import type { Authority } from "./host-name.ts";

export type Dialled =
  | { readonly kind: "open"; readonly socket: Socket }
  | { readonly kind: "failed"; readonly status: 502 | 504; readonly reason: string };

/** Tries the addresses as in RFC 8305, within `timeoutMs`. Never rejects. */
export function dial(authority: Authority, addresses: readonly string[], timeoutMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const target = formatAddress(authority);
    // When the host is an address, Node does not call the resolver below.
    const host = isIP(authority.host) === 0 ? authority.host : (addresses[0] ?? authority.host);
    const socket = connect({
      host,
      port: authority.port,
      lookup: lookupIn(addresses),
      autoSelectFamily: true,
      allowHalfOpen: true,
      noDelay: true,
    });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ kind: "failed", status: 504, reason: `\`${target}\` did not answer within ${timeoutMs} ms` });
    }, timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve({ kind: "open", socket });
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "failed", status: 502, reason: `\`${target}\` cannot be reached: ${reasonOf(error)}` });
    });
  });
}

/** A resolver that returns only these addresses, so that nothing can change between check and connection. */
function lookupIn(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, done) => {
    if (options.all === true) done(null, all);
    else done(null, all[0]?.address ?? "", all[0]?.family ?? 0);
  };
}

/** Several addresses failed: reports the first error. */
function reasonOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : error.message;
}
