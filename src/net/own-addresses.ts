/** Detects the proxy's own ports on this machine, so that it never connects to itself. */
import { networkInterfaces } from "node:os";
import { addressBytes, sameAddress, unmapped } from "./address.ts";
import { isLoopback } from "./address-guard.ts";

/** A bound address. */
export interface Bound {
  readonly host: string;
  readonly port: number;
}

/** Returns whether `address:port` is one of `bound` (evaluated on each call, because listeners start one by one). */
export function createOwnAddresses(bound: () => readonly Bound[]): (address: string, port: number) => boolean {
  return (address, port) => {
    const samePort = bound().filter((own) => own.port === port);
    return samePort.some(({ host }) => sameAddress(host, address) || (isOurs(address) && accepts(host, address)));
  };
}

/** Loopback, unspecified (which dials this machine) or the address of a local interface. */
function isOurs(address: string): boolean {
  if (isLoopback(address) || isUnspecified(address)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => sameAddress(own.address, address)));
}

/** A listener on `0.0.0.0`, `::` or a name accepts all local addresses; one on a loopback address also accepts the unspecified one. */
function accepts(host: string, address: string): boolean {
  return isUnspecified(host) || addressBytes(host) === undefined || (isLoopback(host) && isUnspecified(address));
}

function isUnspecified(address: string): boolean {
  const bytes = addressBytes(address);
  return bytes !== undefined && unmapped(bytes).every((byte) => byte === 0);
}
