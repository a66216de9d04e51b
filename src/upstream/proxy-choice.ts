/** Which corporate proxy, if any, an origin is reached through: `--upstream-proxy`, else `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as curl reads them. */

export interface ProxySettings {
  /** Goes before the environment and its NO_PROXY; `none` switches the environment off. */
  readonly upstreamProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  readonly httpProxy: string | undefined;
  /** Comma-separated: `example.com` (with all below), `.example.com`, `host:port`, an address, or `*`. */
  readonly noProxy: string | undefined;
}

/** The proxy's URL for an origin; undefined: dial the origin itself. */
export type ProxyFor = (origin: string) => URL | undefined;

/** Why a proxy's address cannot be used (in the style of problem.ts); undefined when it can. */
export function proxyMistake(text: string): string | undefined {
  if (text === "none") return undefined;
  const url = readProxy(text);
  if (url === undefined) return "the proxy is not a URL such as `http://proxy.example:3128`";
  return url.protocol === "http:" || url.protocol === "https:" ? undefined : `a proxy of kind \`${url.protocol}\` is not spoken`;
}

/** A proxy of the environment that cannot be used. */
export interface UnusableProxy {
  readonly variable: "HTTPS_PROXY" | "HTTP_PROXY";
  /** In the style of problem.ts; never holds the URL, which may hold a password. */
  readonly message: string;
  /** The origin asked about would be reached through it. */
  readonly needed: boolean;
}

/** The proxies of the environment that cannot be used; none where `upstreamProxy` goes before them. */
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

/** Reads the settings once. This machine itself is never reached through a proxy; unusable addresses count as absent (see proxyMistake). */
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
 * The same choice, but never this proxy itself: whoever points a program at it by HTTPS_PROXY may have started it in the same shell, and each
 * call would come back to it without end. `isOwn` tells whether an address and port are this process's listeners.
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

/** The settings that stand in the environment `env`; lower-case names win, as with curl. */
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
