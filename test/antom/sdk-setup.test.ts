import t from "tap";
import { phpLiteral } from "../../src/antom/sdk-setup/setup.ts";
import { sdkClients, sdkSetup } from "../../src/antom/sdk-setup.ts";

const plain = { baseUrl: "http://127.0.0.1:8080", publicKey: "MIIBproxykey" };
const secure = { ...plain, httpsUrl: "https://localhost:8080", caFile: "/data/my ca.pem", clientId: "SANDBOX_MINE" };

t.test("every client's code names the proxy, its public key and the client id", async (t) => {
  for (const client of sdkClients) {
    const { code } = sdkSetup(client, secure);
    for (const part of ["MIIBproxykey", "SANDBOX_MINE"]) t.ok(code.includes(part), `${client}: ${part}`);
    t.match(sdkSetup(client, plain).code, /127\.0\.0\.1/, client);
    t.match(sdkSetup(client, plain).code, "SANDBOX_5X00000000000000", `${client}: a placeholder that is a sandbox client id`);
  }
});

t.test("constructors are the SDKs' own, arguments in their order", async (t) => {
  const order = {
    java: /new DefaultAlipayClient\(\s*"https:\/\/localhost:8080",.*\n\s*merchantPrivateKey,.*\n\s*"MIIBproxykey",.*\n\s*"SANDBOX_MINE"\);/,
    python: /DefaultAlipayClient\(\s*"https:\/\/localhost",.*\n\s*"SANDBOX_MINE",\n\s*merchant_private_key,.*\n\s*"MIIBproxykey",/,
    php: /new \\Client\\DefaultAlipayClient\(\s*'http:\/\/127\.0\.0\.1:8080',.*\n\s*\$merchantPrivateKey,.*\n\s*'MIIBproxykey',.*\n\s*'SANDBOX_MINE'\n\);/,
    go: /NewDefaultAlipayClient\(\s*"http:\/\/127\.0\.0\.1:8080",.*\n\s*"SANDBOX_MINE",\n\s*merchantPrivateKey,.*\n\s*"MIIBproxykey"\)/,
    dotnet:
      /new DefaultAlipayClient\(\s*"http:\/\/127\.0\.0\.1:8080",.*\n\s*"SANDBOX_MINE",\n\s*merchantPrivateKey,.*\n\s*"MIIBproxykey"\);/,
  } as const;
  for (const client of ["java", "python", "php", "go", "dotnet"] as const) t.match(sdkSetup(client, secure).code, order[client], client);
});

t.test("Java needs https, and says so where the proxy has none", async (t) => {
  t.match(sdkSetup("java", plain).obstacle, /no https address.*Only supports HTTPS/);
  t.equal(sdkSetup("java", secure).obstacle, undefined);
});

t.test("Python needs port 443: its text holds the lines that turn it to another port, so nothing stands in the way", async (t) => {
  for (const endpoint of [plain, secure]) {
    const { obstacle, notes } = sdkSetup("python", endpoint);
    t.equal(obstacle, undefined);
    t.match(notes[0], /lines below the client redirect its connections .*--listen 127\.0\.0\.1:443/);
  }
  t.match(sdkSetup("python", plain).code, /http\.client\.HTTPConnection\(\s*"127\.0\.0\.1", 8080/);
  const standard = sdkSetup("python", { ...plain, httpsUrl: "https://localhost" });
  t.notMatch(standard.notes.join("\n"), "lines below the client");
  t.notMatch(standard.code, "http_client");
  const v6 = sdkSetup("python", { ...plain, baseUrl: "https://[::1]:8443" });
  t.match(v6.code, /HTTPSConnection\(\s*"::1", 8443, timeout=timeout, context=context/);
});

t.test("what cannot run by itself says so, and every text says which key the webhook keeps", async (t) => {
  for (const client of sdkClients) {
    const notes = sdkSetup(client, secure).notes.join("\n");
    t.equal(/^A fragment: /m.test(notes), !["node", "curl"].includes(client), client);
    t.match(notes, /Notifications still come from Antom, signed with Antom's own key/, client);
  }
});

t.test("each SDK's client with an API key: its release, the https address, TEST keys, and how it trusts the certificate", async (t) => {
  const trust = {
    java: /since 3\.1\.0.*antom-fault-proxy ca java/,
    python: /since 1\.6\.0.*SSL_CERT_FILE='\/data\/my ca\.pem'/,
    php: /since 1\.6\.0.*curl\.cainfo='\/data\/my ca\.pem'/,
    go: /since 1\.4\.0.*SSL_CERT_FILE.*HTTPS_PROXY/,
    dotnet: /2026-09.*SSL_CERT_FILE.*on Linux/,
  } as const;
  for (const client of ["java", "python", "php", "go", "dotnet"] as const) {
    const note = sdkSetup(client, secure).notes.find((one) => one.startsWith("With an API key")) ?? "";
    t.match(note, trust[client], client);
    t.match(note, /the gateway is https:\/\/localhost:8080, the key your TEST key.*a PROD key is refused/, client);
    t.match(sdkSetup(client, plain).notes.join("\n"), /this proxy's https address \(it has none yet\)/, client);
  }
  t.match(
    sdkSetup("java", secure).notes.join("\n"),
    /In every SDK, it and meter.uploadEvent check the certificate/,
    "uploads check it in Java too",
  );
});

t.test("the others get in by http", async (t) => {
  for (const client of ["php", "go", "dotnet", "node", "curl"] as const) t.equal(sdkSetup(client, plain).obstacle, undefined, client);
});

t.test("with TLS the notes say how each client comes to trust the certificate", async (t) => {
  const notes = (client: "java" | "php" | "go" | "dotnet" | "node"): string => sdkSetup(client, secure).notes.join("\n");
  t.match(notes("go"), "SSL_CERT_FILE='/data/my ca.pem'");
  t.match(notes("dotnet"), "HTTPS_PROXY=http://127.0.0.1:8080");
  t.match(notes("php"), "HTTPS_PROXY=http://127.0.0.1:8080");
  t.match(notes("node"), "NODE_EXTRA_CA_CERTS='/data/my ca.pem'");
  t.match(notes("java"), "any chain");
  t.match(sdkSetup("curl", secure).code, "--cacert '/data/my ca.pem'");
});

t.test("texts are quoted for the language they stand in", async (t) => {
  t.equal(phpLiteral("it's a \\"), "'it\\'s a \\\\'");
});
