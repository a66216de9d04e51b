/** Which corporate proxy an origin is reached through. */
import t from "tap";
import { createProxyChoice, proxyMistake, proxySettingsFrom, unusableProxies, withoutLoops } from "../../src/upstream/proxy-choice.ts";

const GATEWAY = "https://open-na.alipay.com";

function choose(env: Record<string, string>, origin = GATEWAY, upstreamProxy?: string): string | undefined {
  return createProxyChoice(proxySettingsFrom(env, upstreamProxy))(origin)?.href;
}

t.test("the environment's proxy is taken by the origin's scheme, lower-case names first", async (t) => {
  t.equal(choose({}), undefined);
  t.equal(choose({ HTTPS_PROXY: "http://p:1" }), "http://p:1/");
  t.equal(choose({ HTTPS_PROXY: "http://p:1", https_proxy: "http://q:2" }), "http://q:2/");
  t.equal(choose({ HTTP_PROXY: "http://p:1" }), undefined);
  t.equal(choose({ HTTP_PROXY: "p.example:1" }, "http://a.example"), "http://p.example:1/");
  t.equal(choose({ HTTPS_PROXY: "" }), undefined);
  t.equal(choose({ HTTPS_PROXY: "socks5://p:1" }), undefined);
});

t.test("NO_PROXY excepts hosts with all below them, ports and everything", async (t) => {
  const proxied = (noProxy: string, origin?: string): boolean =>
    choose({ HTTPS_PROXY: "http://p:1", NO_PROXY: noProxy }, origin) !== undefined;
  for (const entry of [
    "*",
    "alipay.com",
    ".alipay.com",
    "*.alipay.com",
    "OPEN-NA.alipay.com",
    "a, alipay.com ,b",
    "open-na.alipay.com:443",
  ]) {
    t.notOk(proxied(entry), entry);
  }
  for (const entry of ["", ",", "pay.com", "alipay.com.evil", "open-na.alipay.com:8443", "na.alipay.com"]) t.ok(proxied(entry), entry);
  t.notOk(proxied("10.0.0.1", "https://10.0.0.1"));
  t.ok(proxied("10.0.0.1", "https://10.0.0.10"));
});

t.test("--upstream-proxy goes before the environment, and `none` switches it off", async (t) => {
  t.equal(choose({ HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, GATEWAY, "http://q:2"), "http://q:2/");
  t.equal(choose({ HTTPS_PROXY: "http://p:1" }, GATEWAY, "none"), undefined);
});

t.test("this machine is never reached through a proxy", async (t) => {
  for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"]) {
    t.equal(choose({ HTTPS_PROXY: "http://p:1" }, `https://${host}:8443`), undefined, host);
    t.equal(choose({}, `https://${host}:8443`, "http://q:2"), undefined, host);
  }
});

t.test("an address that cannot be a proxy's is told", async (t) => {
  t.equal(proxyMistake("http://p:1"), undefined);
  t.equal(proxyMistake("https://u:p@p.example"), undefined);
  t.equal(proxyMistake("p.example:3128"), undefined);
  t.equal(proxyMistake("none"), undefined);
  t.match(proxyMistake("socks5://p:1"), "`socks5:`");
  t.match(proxyMistake("http://"), "not a URL");
  t.match(proxyMistake("a b"), "not a URL");
});

t.test("the proxy is never its own proxy", async (t) => {
  const isOwn = (address: string, port: number): boolean => ["127.0.0.1", "::1"].includes(address) && port === 8080;
  const choose = (proxy: string): string | undefined => withoutLoops(() => new URL(proxy), isOwn)(GATEWAY)?.href;
  for (const own of ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"]) t.equal(choose(own), undefined, own);
  for (const other of ["http://127.0.0.1:3128/", "http://localhost/", "http://10.0.0.1:8080/"]) t.equal(choose(other), other);
  t.equal(withoutLoops(() => undefined, isOwn)(GATEWAY), undefined);
});

t.test("a proxy of the environment that cannot be used is told, and whether the origin needs it; its URL is not repeated", async (t) => {
  const told = (env: Record<string, string>, origin: string | undefined = GATEWAY, upstreamProxy?: string) =>
    unusableProxies(proxySettingsFrom(env, upstreamProxy), origin);
  const socks = { HTTPS_PROXY: "socks5://user:secret@p:1080" };
  t.strictSame(told(socks), [{ variable: "HTTPS_PROXY", message: "a proxy of type `socks5:` is not supported", needed: true }]);
  t.match(told(socks, "http://gateway.test"), [{ needed: false }]);
  t.match(unusableProxies(proxySettingsFrom(socks, undefined), undefined), [{ needed: false }]);
  t.match(told(socks, "https://127.0.0.1:8443"), [{ needed: false }]);
  t.match(told({ ...socks, NO_PROXY: ".alipay.com" }), [{ needed: false }]);
  t.match(told({ http_proxy: "http://" }, "http://gateway.test"), [{ variable: "HTTP_PROXY", needed: true }]);
  t.strictSame(told(socks, GATEWAY, "none"), []);
  t.strictSame(told({ HTTPS_PROXY: "http://p:1", HTTP_PROXY: "" }), []);
});
