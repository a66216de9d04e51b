/** Addresses as URLs that a client can use. */
import type { Address } from "../config/config.ts";

/** `http://127.0.0.1:8080`; an address that stands for all of them is shown as loopback, which reaches it from this machine. */
export function urlOf(scheme: "http" | "https", { host, port }: Address): string {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${scheme}://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
