/** What becomes of a CONNECT, decided without a socket. */
import t from "tap";
import {
  credentialsMatch,
  decideTunnel,
  matchesPattern,
  refusalOf,
  type TunnelPolicy,
} from "../../../src/listeners/tunnel/tunnel-policy.ts";

const POLICY: TunnelPolicy = { intercepted: new Set(["open-na.alipay.com"]), allowed: [], credentials: undefined, isOwn: () => false };
const LOCAL = { localAddress: "127.0.0.1", proxyAuthorization: undefined };
const REMOTE = { localAddress: "192.168.1.5", proxyAuthorization: undefined };

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

t.test("an intercepted host is opened, whoever asks, on any port and in any spelling", async (t) => {
  for (const target of ["open-na.alipay.com:443", "OPEN-NA.alipay.com.:8443"]) {
    t.match(decideTunnel({ target, ...REMOTE }, POLICY), { kind: "intercept", authority: { host: "open-na.alipay.com" } });
  }
});

t.test("a host named like an intercepted one is refused, whoever asks, unless it is listed", async (t) => {
  const policy = { ...POLICY, isLikeIntercepted: (host: string) => host.startsWith("open-") };
  for (const where of [LOCAL, REMOTE]) {
    const refusal = decideTunnel({ target: "OPEN-xx.alipay.com.:443", ...where }, policy);
    t.match(refusal, { kind: "refuse", status: 403, reason: /`open-xx\.alipay\.com`.*--allow-tunnel open-xx\.alipay\.com/ });
    const listed = { ...policy, allowed: ["open-xx.alipay.com"] };
    t.match(decideTunnel({ target: "open-xx.alipay.com:443", ...where }, listed), { kind: "dial", listed: true });
  }
  t.match(decideTunnel({ target: "open-na.alipay.com:443", ...LOCAL }, policy), { kind: "intercept" });
});

t.test("other hosts are dialled for this machine, and need a listing or credentials for others", async (t) => {
  const target = "example.com:443";
  t.match(decideTunnel({ target, ...LOCAL }, POLICY), { kind: "dial", listed: false });
  t.match(decideTunnel({ target, ...REMOTE }, POLICY), { kind: "refuse", status: 403, reason: /--allow-tunnel example\.com/ });
  t.match(decideTunnel({ target, ...REMOTE }, { ...POLICY, allowed: ["example.com"] }), { kind: "dial", listed: true });
  const guarded = { ...POLICY, credentials: "user:pässword" };
  t.match(decideTunnel({ target, ...REMOTE }, guarded), { kind: "refuse", status: 407 });
  t.match(decideTunnel({ target, ...REMOTE, proxyAuthorization: basic("user:wrong") }, guarded), { kind: "refuse", status: 407 });
  t.match(decideTunnel({ target, ...REMOTE, proxyAuthorization: basic("user:pässword") }, guarded), { kind: "dial", listed: false });
});

t.test("a target that is no host and port is refused", async (t) => {
  for (const target of ["", "example.com", "0x7f.1:443", "2130706433:80", "http://example.com:80", "example.com:443/x", "a@b:1"]) {
    t.match(decideTunnel({ target, ...LOCAL }, POLICY), { kind: "refuse", status: 400 }, target);
  }
});

t.test("one forbidden address among several refuses the target, unless it was listed", async (t) => {
  const authority = { host: "rebind.example", port: 443 };
  t.equal(refusalOf(["1.1.1.1"], authority, false, POLICY), undefined);
  t.match(refusalOf(["1.1.1.1", "10.0.0.1"], authority, false, POLICY), { status: 403, reason: /private address \(10\.0\.0\.1\)/ });
  t.equal(refusalOf(["10.0.0.1"], authority, true, POLICY), undefined);
});

t.test("the proxy's own ports are refused even when listed", async (t) => {
  const policy = { ...POLICY, isOwn: (address: string, port: number) => address === "127.0.0.1" && port === 8081 };
  t.match(refusalOf(["127.0.0.1"], { host: "localhost", port: 8081 }, true, policy), { status: 403, reason: /own address/ });
  t.equal(refusalOf(["127.0.0.1"], { host: "localhost", port: 9090 }, true, policy), undefined);
});

t.test("patterns name a host, a host with port, or all names below one", async (t) => {
  const a = { host: "a.example.com", port: 443 };
  for (const pattern of ["a.example.com", "A.Example.com", "a.example.com:443", "*.example.com", "*.example.com:443"])
    t.ok(matchesPattern(pattern, a), pattern);
  for (const pattern of ["example.com", "a.example.com:8443", "*.a.example.com", "*.ample.com", "*", "", "*.", "b.example.com"]) {
    t.notOk(matchesPattern(pattern, a), pattern);
  }
  t.notOk(matchesPattern("*.example.com", { host: "example.com", port: 443 }));
  t.ok(matchesPattern("[::1]:80", { host: "::1", port: 80 }));
});

t.test("credentials are Basic and exact", async (t) => {
  t.ok(credentialsMatch(basic("a:b"), "a:b"));
  t.ok(credentialsMatch(`basic   ${Buffer.from("a:b").toString("base64")} `, "a:b"));
  for (const header of [
    undefined,
    "",
    "Basic",
    "Basic ",
    basic("a:c"),
    basic("a:b "),
    basic("a:"),
    "Bearer YTpi",
    "YTpi",
    "Basic YTpi YTpi",
  ]) {
    t.notOk(credentialsMatch(header, "a:b"), String(header));
  }
});
