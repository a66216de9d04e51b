/** Hosts with their ports: what a listener binds, and how a client on this machine reaches it. */

/** A host and a port; port 0 lets the system choose one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, an IPv6 address in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `http://127.0.0.1:8080`; an address that stands for all of them is shown as loopback, which reaches it from this machine. */
export function urlOf(scheme: "http" | "https", { host, port }: Address): string {
  const reached = host === "0.0.0.0" || host === "" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${scheme}://${formatAddress({ host: reached, port })}`;
}
