/** The CA and its leaves, judged by OpenSSL and by a Node client that trusts nothing else. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, createServer, type SecureContext } from "node:tls";
import t from "tap";
import { type Ca, createCa, readCa } from "../../../src/listeners/certificates/ca.ts";
import { createCertificates } from "../../../src/listeners/certificates/certificates.ts";
import { issueLeaf } from "../../../src/listeners/certificates/leaf.ts";
import { caFileIn, loadOrCreateCa } from "../../../src/listeners/certificates/load-ca.ts";
import { needs } from "../../helpers/programs.ts";
import { runCommand } from "../../helpers/run-command.ts";

const DAY_MS = 24 * 3600_000;
const HOSTS = ["open-na.alipay.com", "10.1.2.3"];

/** What openssl's strict verifier says of a leaf for `name` under `ca`. */
async function verify(folder: string, ca: Ca, name: string, leafCa: Ca = ca): Promise<string> {
  const leaf = issueLeaf(leafCa, [name], Date.now());
  await writeFile(join(folder, "ca.pem"), ca.certificatePem);
  await writeFile(join(folder, "leaf.pem"), leaf.certificatePem);
  const checks = ["-purpose", "sslserver", "-x509_strict", "-check_ss_sig"];
  const ran = await runCommand("openssl", ["verify", ...checks, "-CAfile", join(folder, "ca.pem"), join(folder, "leaf.pem")]);
  return ran.code === 0 ? "accepted" : ran.stderr;
}

t.test("openssl accepts leaves for the hosts of the CA and for this machine", needs("openssl"), async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  for (const name of [...HOSTS, "eu.open-na.alipay.com", "localhost", "127.0.0.1", "127.9.9.9", "::1"]) {
    t.equal(await verify(t.testdir(), ca, name), "accepted", name);
  }
});

t.test("openssl refuses a leaf for any other host, whoever signed it", needs("openssl"), async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  for (const name of ["example.com", "alipay.com", "evil-open-na.alipay.com", "10.1.2.4", "::2", "128.0.0.1"]) {
    t.match(await verify(t.testdir(), ca, name), "permitted subtree violation", name);
  }
});

t.test("hosts are taken in any spelling", needs("openssl"), async (t) => {
  const { ca } = createCa(["Proxy.Internal."], Date.now());
  t.equal(await verify(t.testdir(), ca, "proxy.internal"), "accepted");
  const dataDir = join(t.testdir(), "data");
  await loadOrCreateCa({ dataDir, hosts: ["Proxy.Internal"], nowMs: Date.now() });
  t.match(await loadOrCreateCa({ dataDir, hosts: ["proxy.INTERNAL."], nowMs: Date.now() }), { kind: "ok", warnings: [] });
});

t.test("openssl refuses a leaf of another installation's CA", needs("openssl"), async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  const other = createCa(HOSTS, Date.now()).ca;
  t.match(await verify(t.testdir(), ca, "localhost", other), "unable to get local issuer certificate");
});

t.test("the CA can do nothing but vouch for servers, and says so critically", needs("openssl"), async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  const { stdout } = await runCommand("openssl", ["x509", "-noout", "-text"], { input: ca.certificatePem });
  const text = stdout.toString();
  t.match(text, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
  t.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign/);
  t.match(text, /Name Constraints: critical\s+Permitted:/);
  t.match(text, "NIST CURVE: P-256");
  const x509 = new X509Certificate(ca.certificatePem);
  t.equal(Date.parse(x509.validTo) - Date.parse(x509.validFrom), 730 * DAY_MS);
});

t.test("a leaf is short-lived, backdated, for servers only, and has a full-length positive serial number", async (t) => {
  const nowMs = Date.UTC(2026, 10, 23);
  const { ca } = createCa(HOSTS, nowMs - 10 * DAY_MS);
  const leaf = new X509Certificate(issueLeaf(ca, ["open-na.alipay.com"], nowMs).certificatePem);
  t.equal(Date.parse(leaf.validFrom), nowMs - 3600_000);
  t.equal(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom), 90 * DAY_MS);
  t.same(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"], "serverAuth");
  t.equal(leaf.subjectAltName, "DNS:open-na.alipay.com");
  t.notMatch(leaf.subject, "alipay", "no host name where name constraints do not reach");
  t.match(leaf.serialNumber, /^[4-7][0-9A-F]{31}$/);
  t.equal(leaf.ca, false);
});

t.test("a leaf never outlives its CA nor precedes it", async (t) => {
  const bornMs = Date.UTC(2026, 10, 23);
  const { ca } = createCa(HOSTS, bornMs);
  const first = new X509Certificate(issueLeaf(ca, ["localhost"], bornMs).certificatePem);
  t.equal(Date.parse(first.validFrom), ca.notBeforeMs);
  const last = issueLeaf(ca, ["localhost"], ca.notAfterMs - DAY_MS);
  t.equal(last.notAfterMs, ca.notAfterMs);
});

t.test("dates after 2049 are written as the RFC wants them", async (t) => {
  const { ca } = createCa(HOSTS, Date.UTC(2049, 5, 1));
  t.equal(new X509Certificate(ca.certificatePem).validTo, "May 31 23:00:00 2051 GMT");
});

t.test("certificates are kept, bounded, and renewed a week before they end", async (t) => {
  let nowMs = Date.UTC(2026, 10, 23);
  const { ca } = createCa(HOSTS, nowMs);
  const clock = { wall: () => nowMs, steady: () => nowMs };
  const certificates = createCertificates({ ca, clock });
  const first = certificates.contextFor("open-na.alipay.com");
  t.equal(certificates.contextFor("OPEN-NA.alipay.com."), first, "one context for one name, however it is spelled");
  nowMs += 82 * DAY_MS;
  t.equal(certificates.contextFor("open-na.alipay.com"), first);
  nowMs += 2 * DAY_MS;
  const renewed = certificates.contextFor("open-na.alipay.com");
  t.not(renewed, first);
  t.equal(certificates.contextFor("open-na.alipay.com"), renewed);
});

t.test("of names that clients choose five a second get a certificate of their own, and a hundred are kept", async (t) => {
  let nowMs = Date.UTC(2026, 10, 23);
  const { ca } = createCa(HOSTS, nowMs);
  const uncovered: string[] = [];
  const clock = { wall: () => nowMs, steady: () => nowMs };
  const certificates = createCertificates({ ca, clock, onUncovered: (name) => uncovered.push(name) });
  const own = certificates.contextFor(undefined);
  // Names below one that the CA covers are the clients' to choose too.
  const names = ["a.example", "b.example", "c.example", "d.open-na.alipay.com", "e.open-na.alipay.com"];
  const contexts = names.map((name) => certificates.contextFor(name));
  t.equal(new Set([own, ...contexts]).size, 6, "five of their own");
  t.equal(certificates.contextFor("f.example"), own);
  t.equal(certificates.contextFor("g.open-na.alipay.com"), own);
  t.equal(certificates.contextFor("a.example"), contexts[0], "a kept one costs nothing");
  t.not(certificates.contextFor("open-na.alipay.com"), own, "the CA's own names are no choice of the clients");
  t.same(uncovered, ["a.example", "b.example", "c.example", "f.example"]);
  for (let second = 0; second < 20; second += 1) {
    nowMs += 1000;
    for (let at = 0; at < 5; at += 1) t.not(certificates.contextFor(`${second}-${at}.example`), own);
  }
  nowMs += 1000;
  t.not(certificates.contextFor("a.example"), contexts[0], "of a hundred and one the least used gives way");
});

t.test("names that are no names share the machine's own certificate", async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  const certificates = createCertificates({ ca, clock: { wall: Date.now, steady: Date.now } });
  const own = certificates.contextFor("localhost");
  for (const name of [undefined, "", "127.0.0.1", "::1", "a b", "*", "0x7f.1", `${"a".repeat(64)}.example`]) {
    t.equal(certificates.contextFor(name), own, String(name));
  }
});

t.test("clients that dial an address are shown every address that the CA covers", async (t) => {
  const { ca } = createCa([...HOSTS, "fd00::5"], Date.now());
  const certificates = createCertificates({ ca, clock: { wall: Date.now, steady: Date.now } });
  const names = new X509Certificate(certificates.leafFor(undefined).certificatePem).subjectAltName ?? "";
  for (const name of [
    "DNS:localhost",
    "IP Address:127.0.0.1",
    "IP Address:0:0:0:0:0:0:0:1",
    "IP Address:10.1.2.3",
    "IP Address:FD00:0:0:0:0:0:0:5",
  ]) {
    t.ok(names.includes(name), `${name} in ${names}`);
  }
});

t.test("a name that the CA does not vouch for is told once", async (t) => {
  const told: string[] = [];
  const { ca } = createCa(HOSTS, Date.now());
  const clock = { wall: Date.now, steady: Date.now };
  const certificates = createCertificates({ ca, clock, onUncovered: (name) => told.push(name) });
  for (const name of ["example.com", "example.com", "localhost", "open-na.alipay.com"]) certificates.contextFor(name);
  t.same(told, ["example.com"]);
  t.same(
    [certificates.covers("example.com"), certificates.covers("open-na.alipay.com"), certificates.covers("127.0.0.1")],
    [false, true, true],
  );
});

/** Dials a TLS server that presents `context`; resolves with the peer's alternative names, or the reason why the client refused. */
async function dial(context: SecureContext, options: { ca?: string; servername: string }): Promise<string> {
  const server = createServer({ SNICallback: (_, done) => done(null, context) });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP listener's address
  const client = connect({ host: "127.0.0.1", port, ...options });
  try {
    await once(client, "secureConnect");
    return client.getPeerX509Certificate()?.subjectAltName ?? "none";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    client.destroy();
    server.close();
  }
}

t.test("a Node client accepts the leaf with this CA alone, and refuses it without, or for another host", async (t) => {
  const { ca } = createCa(HOSTS, Date.now());
  const certificates = createCertificates({ ca, clock: { wall: Date.now, steady: Date.now } });
  const servername = "open-na.alipay.com";
  t.equal(await dial(certificates.contextFor(servername), { ca: ca.certificatePem, servername }), `DNS:${servername}`);
  t.match(await dial(certificates.contextFor(servername), { servername }), "unable to verify the first certificate");
  const foreign = await dial(certificates.contextFor("example.com"), { ca: ca.certificatePem, servername: "example.com" });
  t.match(foreign, "permitted subtree violation");
});

t.test("the CA is made on first start, its key for the owner only, and is the same ever after", async (t) => {
  const dataDir = join(t.testdir(), "data");
  const options = { dataDir, hosts: HOSTS, nowMs: Date.now() };
  const first = await loadOrCreateCa(options);
  const second = await loadOrCreateCa(options);
  if (first.kind === "bad" || second.kind === "bad") throw new Error("no CA");
  t.same([first.created, second.created], [true, false]);
  t.equal(second.ca.certificatePem, first.ca.certificatePem);
  t.same(second.ca.permitted, first.ca.permitted);
  t.same(second.warnings, []);
  t.equal((await stat(join(dataDir, "ca-key.pem"))).mode & 0o777, 0o600);
  t.equal(await readFile(caFileIn(dataDir), "utf8"), first.ca.certificatePem);
  t.notMatch(await readFile(caFileIn(dataDir), "utf8"), "PRIVATE KEY");
  t.same((await readdir(dataDir)).toSorted(), ["ca-key.pem", "ca.pem"], "no temporary file stays");
});

t.test("a key that others may read is made private again", async (t) => {
  const dataDir = t.testdir();
  const keyFile = join(dataDir, "ca-key.pem");
  await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() });
  await chmod(keyFile, 0o644);
  t.match(await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() }), { kind: "ok", created: false });
  t.equal((await stat(keyFile)).mode & 0o777, 0o600);
});

t.test("a host that the kept CA cannot vouch for is a warning that says what to remove", async (t) => {
  const dataDir = t.testdir();
  await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() });
  const grown = await loadOrCreateCa({ dataDir, hosts: [...HOSTS, "proxy.internal"], nowMs: Date.now() });
  if (grown.kind === "bad") throw new Error("no CA");
  t.equal(grown.warnings.length, 1);
  t.match(grown.warnings[0]?.message, "`proxy.internal`");
  t.match(grown.warnings[0]?.remedy, /remove .*ca\.pem.*ca-key\.pem/);
});

t.test("a CA near its end is a warning, an expired one is refused", async (t) => {
  const dataDir = t.testdir();
  const nowMs = Date.UTC(2026, 10, 23, 12);
  await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs });
  const late = await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: nowMs + 720 * DAY_MS });
  t.match(late, { kind: "ok", warnings: [{ message: "the CA expires on 2028-11-22" }] });
  const expired = await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: nowMs + 731 * DAY_MS });
  t.match(expired, { kind: "bad", problem: { message: "the CA expired on 2028-11-22" } });
});

t.test("a damaged, foreign or incomplete CA is refused with its reason, and never overwritten", async (t) => {
  const { ca, keyPem } = createCa(HOSTS, Date.now());
  const leaf = issueLeaf(ca, ["localhost"], Date.now());
  const cases = [
    { cert: ca.certificatePem, key: undefined, message: "the key of the CA is missing" },
    { cert: ca.certificatePem, key: createCa(HOSTS, Date.now()).keyPem, message: "the key does not belong to the certificate" },
    { cert: leaf.certificatePem, key: leaf.keyPem, message: "not a CA's" },
    { cert: "nonsense", key: keyPem, message: "the CA cannot be used" },
    { cert: ca.certificatePem, key: "nonsense", message: "the CA cannot be used" },
  ];
  for (const { cert, key, message } of cases) {
    const dataDir = t.testdir();
    await mkdir(dataDir, { recursive: true });
    await writeFile(caFileIn(dataDir), cert);
    if (key !== undefined) await writeFile(join(dataDir, "ca-key.pem"), key);
    const loaded = await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() });
    t.match(loaded, { kind: "bad", problem: { message, remedy: /remove/ } }, message);
    t.equal(await readFile(caFileIn(dataDir), "utf8"), cert);
  }
});

t.test("of first starts at once the first makes the CA, and all use that one", async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const dataDir = join(t.testdir(), String(round));
    const loaded = await Promise.all(Array.from({ length: 6 }, () => loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() })));
    const certificate = await readFile(caFileIn(dataDir), "utf8");
    for (const one of loaded) t.match(one, { kind: "ok", ca: { certificatePem: certificate } });
    t.ok(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(await readFile(join(dataDir, "ca-key.pem"), "utf8"))));
  }
});

t.test("a key whose program was killed before it wrote the certificate is used by the next", async (t) => {
  const { keyPem } = createCa(HOSTS, Date.now());
  const dataDir = t.testdir({ "ca-key.pem": keyPem });
  t.match(await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() }), { kind: "ok", created: true });
  t.equal(await readFile(join(dataDir, "ca-key.pem"), "utf8"), keyPem);
});

t.test("a key left alone by a crash before the certificate was written is replaced", async (t) => {
  const dataDir = t.testdir({ "ca-key.pem": "half" });
  await chmod(join(dataDir, "ca-key.pem"), 0o600);
  t.match(await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() }), { kind: "ok", created: true });
});

t.test("a data folder that cannot be made is a problem, not a crash", async (t) => {
  const dataDir = join(t.testdir({ file: "" }), "file", "data");
  t.match(await loadOrCreateCa({ dataDir, hosts: HOSTS, nowMs: Date.now() }), { kind: "bad", problem: { message: /ENOTDIR/ } });
});

t.test("a CA without name constraints is not ours to use", needs("openssl"), async (t) => {
  const folder = t.testdir();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=any", "-nodes", "-days", "9", "-keyout", key, "-out", cert];
  await runCommand("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", ...subject]);
  const [certificatePem, keyPem] = [await readFile(cert, "utf8"), await readFile(key, "utf8")];
  t.throws(() => readCa(certificatePem, keyPem), /no name constraints/);
});
