/** The hosts of Antom's gateways (docs.antom.com/ac/ams/api_fund and the official SDKs' UploadGatewayResolver, 2026-11). */

const UPLOAD_HOSTS: ReadonlyMap<string, string> = new Map([
  ["open-na-global.alipay.com", "open-big-na.alipay.com"],
  ["open-na.alipay.com", "open-big-na.alipay.com"],
  ["open-sea-global.alipay.com", "open-big-sea.alipay.com"],
  ["open-sea.alipay.com", "open-big-sea.alipay.com"],
  ["open-de-global.alipay.com", "open-big-de-global.alipay.com"],
]);

/** Every host that serves Antom's API: gateways of all regions, their upload hosts and the old mock gateway. */
export const gatewayHosts: readonly string[] = [
  ...new Set([...UPLOAD_HOSTS.keys(), "open-eu.alipay.com", "open.antglobal-us.com", ...UPLOAD_HOSTS.values(), "isandbox.alipaydev.com"]),
];

/** The origin for file uploads in the region of `origin`; `origin` itself unless it is a known gateway on port 443. */
export function uploadOrigin(origin: string): string {
  const url = new URL(origin);
  const host = url.protocol === "https:" && url.port === "" ? UPLOAD_HOSTS.get(url.hostname) : undefined;
  return host === undefined ? origin : `https://${host}`;
}

/** Whether `host` (lower case) matches the naming of Antom's gateways, such as a new region missing from `gatewayHosts`. */
export function isGatewayName(host: string): boolean {
  return /^open-[a-z0-9-]+\.alipay\.com$|^open[a-z0-9-]*\.antglobal[a-z0-9-]*\.com$/.test(host);
}
