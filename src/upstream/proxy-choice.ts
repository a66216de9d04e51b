/** Chooses the corporate proxy for an origin: `--upstream-proxy`, else `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as in curl. */

export interface ProxySettings {
  /** Takes precedence over the environment and its NO_PROXY; `none` disables the environment's proxies. */
  readonly upstreamProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  readonly httpProxy: string | undefined;
  /** Comma-separated: `example.com` (with its subdomains), `.example.com`, `host:port`, an address, or `*`. */
  readonly noProxy: string | undefined;
}

/** The proxy's URL for an origin; undefined: dial the origin itself. */
export type ProxyFor = (origin: string) => URL | undefined;

/** Why a proxy's address is unusable (worded like a Problem); undefined when it is usable. */
export function proxyMistake(text: string): string | undefined {
  if (text === "none") return undefined;
  const url = readProxy(text);
  if (url === undefined) return "the proxy is not a URL such as `http://proxy.example:3128`";
  return url.protocol === "http:" || url.protocol === "https:" ? undefined : `a proxy of type \`${url.protocol}\` is not supported`;
}

/** An unusable proxy from the environment. */
export interface UnusableProxy {
  readonly variable: "HTTPS_PROXY" | "HTTP_PROXY";
  /** Worded like a Problem; never contains the URL, which may hold a password. */
  readonly message: string;
  /** Whether the given origin would be reached through this proxy. */
  readonly needed: boolean;
}

/** The unusable proxies of the environment; empty when `upstreamProxy` takes precedence. */
export function unusableProxies(settings: ProxySettings, origin: string | undefined): readonly UnusableProxy[] {
  if (settings.upstreamProxy !== undefined) return [];
  const stated = [
    ["HTTPS_PROXY", "https:", settings.httpsProxy],
    ["HTTP_PROXY", "http:", settings.httpProxy],
  ] as const;
  return stated.flatMap(([variable, protocol, text]) => {
    const message = text === undefined || text === "" ? undefined : proxyMistake(text);
    if (message === undefined) return [];
    const url = origin === undefined ? undefined : new URL(origin);
    return [
      { variable, message, needed: url?.protocol === protocol && !isThisMachine(url.hostname) && !isExcepted(url, settings.noProxy) },
    ];
  });
}

/** Reads the settings once. This machine is never reached through a proxy; unusable addresses are ignored (see proxyMistake). */
export function createProxyChoice(settings: ProxySettings): ProxyFor {
  const fixed = settings.upstreamProxy === undefined ? undefined : usable(settings.upstreamProxy);
  const byProtocol = new Map([
    ["https:", usable(settings.httpsProxy)],
    ["http:", usable(settings.httpProxy)],
  ]);
  return (origin) => {
    const url = new URL(origin);
    if (isThisMachine(url.hostname)) return undefined;
    if (settings.upstreamProxy !== undefined) return fixed;
    return isExcepted(url, settings.noProxy) ? undefined : byProtocol.get(url.protocol);
  };
}

/**
 * The same choice without this proxy itself: a user who sets HTTPS_PROXY to this proxy may also start it in the same shell, and each
 * call would then loop. `isOwn` returns whether an address and port are one of this process's listeners.
 */
export function withoutLoops(proxyFor: ProxyFor, isOwn: (address: string, port: number) => boolean): ProxyFor {
  return (origin) => {
    const proxy = proxyFor(origin);
    if (proxy === undefined) return undefined;
    const host = proxy.hostname.replace(/^\[|\]$/g, "");
    const port = Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80));
    const addresses = host === "localhost" ? ["127.0.0.1", "::1"] : [host];
    return addresses.some((address) => isOwn(address, port)) ? undefined : proxy;
  };
}

/** The settings in the environment `env`; lower-case names take precedence, as in curl. */
export function proxySettingsFrom(env: Readonly<Record<string, string | undefined>>, upstreamProxy: string | undefined): ProxySettings {
  const read = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  return { upstreamProxy, httpsProxy: read("https_proxy"), httpProxy: read("http_proxy"), noProxy: read("no_proxy") };
}

function usable(text: string | undefined): URL | undefined {
  if (text === undefined || text === "" || text === "none" || proxyMistake(text) !== undefined) return undefined;
  return readProxy(text);
}

/** `proxy.example:3128` means `http://proxy.example:3128`. */
function readProxy(text: string): URL | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(full) ? new URL(full) : undefined;
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isExcepted(url: URL, noProxy: string | undefined): boolean {
  return (noProxy ?? "").split(",").some((entry) => isException(entry.trim().toLowerCase(), url));
}

function isException(entry: string, url: URL): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const [, name = "", port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false;
  return url.hostname === name || url.hostname.endsWith(`.${name}`);
}
