import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { publicKeyForms } from "../../src/antom/keys.ts";
import { sdkClients } from "../../src/antom/sdk-setup.ts";
import { createSigner, parseSignature, verifySignature } from "../../src/antom/signature.ts";
import { connectText } from "../../src/cli/connect.ts";
import { startProxy } from "../../src/index.ts";
import { type KeyPair, makeKeys } from "../helpers/keys.ts";
import { corrupted } from "../helpers/openssl.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const merchant = makeKeys();
const proxy = makeKeys();
const publicKey = publicKeyForms(proxy.publicKey).base64;
const ANSWER = Buffer.from('{"result":{"resultCode":"RISK_REJECT","resultStatus":"F","resultMessage":"no"}}');

interface Heard {
  readonly path: string;
  readonly signatureValid: boolean;
  readonly body: unknown;
}

interface Gateway {
  readonly baseUrl: string;
  readonly heard: Heard[];
}

/** A gateway that verifies with the merchant's key and signs with `keys`, over bytes that `spoil` may change afterwards. */
async function startGateway(t: Test, spoil: (body: Buffer) => Buffer = (body) => body): Promise<Gateway> {
  const heard: Heard[] = [];
  const signer = createSigner(proxy.privateKey);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      const head = { method: request.method ?? "", path: request.url ?? "", clientId: String(request.headers["client-id"]) };
      const signature = parseSignature(String(request.headers["signature"])) ?? Buffer.alloc(0);
      const time = String(request.headers["request-time"]);
      heard.push({
        path: head.path,
        signatureValid: verifySignature({ ...head, time }, body, signature, merchant.publicKey),
        body: JSON.parse(body.toString()),
      });
      const answerTime = "2026-11-23T08:00:00+00:00";
      response.writeHead(200, {
        "content-type": "application/json; charset=UTF-8",
        "client-id": head.clientId,
        "response-time": answerTime,
        signature: await signer.sign({ ...head, time: answerTime }, ANSWER),
      });
      response.end(spoil(ANSWER));
    });
  });
  const port = await listen(server);
  t.teardown(() => server.close());
  return { baseUrl: `http://127.0.0.1:${port}`, heard };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function savedIn(t: Test, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "connect-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function pemOf(keys: KeyPair): string {
  return keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

t.test("each text is comments and code of its language, with lines that fit a terminal", async (t) => {
  for (const client of sdkClients) {
    const text = connectText(client, { baseUrl: "http://127.0.0.1:8080", publicKey: "KEY" });
    const [comments = "", code = ""] = text.split("\n\n", 2);
    t.match(comments, client === "python" || client === "curl" ? /^(# .*\n?)+$/ : /^(\/\/ .*\n?)+$/, client);
    t.ok(
      comments.split("\n").every((line) => line.length <= 110),
      client,
    );
    t.notMatch(code, /^(\/\/|#) -/, client);
    t.match(text, /[^\n]\n$/, client);
  }
});

t.test("what stands in the way comes right after the title", async (t) => {
  const text = connectText("java", { baseUrl: "http://127.0.0.1:8080", publicKey: "KEY" });
  t.match(text, /^\/\/ Java: .*\n\/\/ - Not ready: this proxy has no https address/);
});

t.test("the curl script signs with a PEM key, calls pay and verifies the answer", needs("bash", "openssl", "curl"), async (t) => {
  const gateway = await startGateway(t);
  const folder = savedIn(t, { "pay.sh": connectText("curl", { baseUrl: gateway.baseUrl, publicKey }), "key.pem": pemOf(merchant) });
  const ran = await runCommand("bash", [join(folder, "pay.sh"), join(folder, "key.pem")]);
  t.equal(ran.code, 0, ran.stderr);
  t.match(ran.stdout.toString(), "Verified OK");
  t.match(ran.stdout.toString(), '"resultCode":"RISK_REJECT"');
  t.match(gateway.heard, [{ path: "/ams/sandbox/api/v1/payments/pay", signatureValid: true, body: { paymentRequestId: /^curl-/ } }]);
});

t.test("the curl script takes the bare base64 key that the SDKs take", needs("bash", "openssl", "curl"), async (t) => {
  const gateway = await startGateway(t);
  const bare = merchant.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
  const folder = savedIn(t, { "pay.sh": connectText("curl", { baseUrl: gateway.baseUrl, publicKey }), "key.txt": `${bare}\n` });
  const ran = await runCommand("bash", [join(folder, "pay.sh"), join(folder, "key.txt")]);
  t.equal(ran.code, 0, ran.stderr);
  t.match(gateway.heard, [{ signatureValid: true }]);
});

t.test(
  "without a key the curl script makes one, whose signature is well formed but not the merchant's",
  needs("bash", "openssl", "curl"),
  async (t) => {
    const gateway = await startGateway(t);
    const folder = savedIn(t, { "pay.sh": connectText("curl", { baseUrl: gateway.baseUrl, publicKey, clientId: "SANDBOX_it's" }) });
    const ran = await runCommand("bash", [join(folder, "pay.sh")]);
    t.equal(ran.code, 0, ran.stderr);
    t.match(ran.stdout.toString(), "client-id: SANDBOX_it's");
    t.match(gateway.heard, [{ signatureValid: false }]);
  },
);

t.test("the curl script fails when one byte of the answer is changed", needs("bash", "openssl", "curl"), async (t) => {
  const gateway = await startGateway(t, corrupted);
  const folder = savedIn(t, { "pay.sh": connectText("curl", { baseUrl: gateway.baseUrl, publicKey }) });
  const ran = await runCommand("bash", [join(folder, "pay.sh")]);
  t.equal(ran.code, 1);
  t.match(ran.stdout.toString(), "Verification failure");
});

t.test("with an API key in the environment the curl script signs nothing and sends the key alone", needs("bash", "curl"), async (t) => {
  const key = `isak_TEST_${Buffer.from("SANDBOX_KEY").toString("base64")}_0123`;
  const upstream = await startProxy();
  t.teardown(() => upstream.stop());
  const text = connectText("curl", { baseUrl: upstream.url, publicKey: upstream.publicKey.base64 });
  const folder = savedIn(t, { "pay.sh": text });
  const ran = await runCommand("bash", [join(folder, "pay.sh")], { env: { ...process.env, ANTOM_API_KEY: key } });
  t.equal(ran.code, 0, ran.stderr);
  t.match(ran.stdout.toString(), /HTTP\/1\.1 200[\s\S]*"resultCode":"PAYMENT_IN_PROCESS"/);
  t.notMatch(ran.stdout.toString(), key);
  const [call] = upstream.calls();
  t.match(call, { outcome: "forwarded", verdict: "unchecked", identity: { clientId: "SANDBOX_KEY", apiKey: "test" } });
  t.notOk(call?.request.headers.some((part) => /^(?:signature|client-id|request-time)$/i.test(part)));
  await upstream.setRules([{ name: "no", api: "pay", when: { clientId: "SANDBOX_KEY" }, active: true, result: "RISK_REJECT" }]);
  const overridden = await runCommand("bash", [join(folder, "pay.sh")], { env: { ...process.env, ANTOM_API_KEY: key } });
  t.match(overridden.stdout.toString(), /x-fault-rule: no[\s\S]*"resultCode":"RISK_REJECT"/);
});

t.test("the Node sample signs, calls pay and verifies the answer", async (t) => {
  const gateway = await startGateway(t);
  const folder = savedIn(t, { "call.mjs": connectText("node", { baseUrl: gateway.baseUrl, publicKey }), "key.pem": pemOf(merchant) });
  const ran = await runCommand(process.execPath, [join(folder, "call.mjs"), join(folder, "key.pem")]);
  t.equal(ran.code, 0, ran.stderr);
  t.match(ran.stdout.toString(), /signatureValid: true/);
  t.match(gateway.heard, [{ path: "/ams/sandbox/api/v1/payments/pay", signatureValid: true }]);
});

t.test("the Node sample reports a changed answer as not valid", async (t) => {
  const gateway = await startGateway(t, (body) => Buffer.from(body.toString().replace("no", "on")));
  const folder = savedIn(t, { "call.mjs": connectText("node", { baseUrl: gateway.baseUrl, publicKey }), "key.pem": pemOf(merchant) });
  const ran = await runCommand(process.execPath, [join(folder, "call.mjs"), join(folder, "key.pem")]);
  t.match(ran.stdout.toString(), /signatureValid: false/);
});

t.test("the Python text compiles", needs("python3"), async (t) => {
  const text = connectText("python", { baseUrl: "http://127.0.0.1:8080", publicKey });
  const ran = await runCommand("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: text });
  t.equal(ran.code, 0, ran.stderr);
});
