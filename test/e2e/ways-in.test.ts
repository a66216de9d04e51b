/** Every way in, forwarded and overridden, each answer verified by openssl with the one public key. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createSigner } from "../../src/antom/signature.ts";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const HOST = "open-na.alipay.com";
const PATH = "/ams/sandbox/api/v1/payments/inquiryPayment";
const CLIENT_ID = "SANDBOX_5X00000000000000";
const BODY = '{"paymentRequestId":"none"}';
const TIME = "1795420800000";

const keys = makeKeys();

async function signedLines(): Promise<string[]> {
  const signature = await createSigner(keys.privateKey).sign(
    { method: "POST", path: PATH, clientId: CLIENT_ID, time: TIME },
    Buffer.from(BODY),
  );
  return [`client-id: ${CLIENT_ID}`, `request-time: ${TIME}`, `signature: ${signature}`, "content-type: application/json; charset=UTF-8"];
}

/** What came back: header names as on the wire. */
interface Came {
  readonly lines: readonly (readonly [string, string])[];
  readonly body: string;
}

function readAnswer(text: string): Came {
  // Interim answers and the proxy's own to CONNECT come first.
  const start = text.lastIndexOf("HTTP/");
  const [head = "", ...rest] = text.slice(start).split("\r\n\r\n");
  const lines = head
    .split("\r\n")
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()] as const);
  return { lines, body: rest.join("\r\n\r\n") };
}

function check(t: Test, came: Came, proxy: RunningProxy, way: string): void {
  const value = (name: string): string => came.lines.find(([candidate]) => candidate === name)?.[1] ?? "";
  for (const name of ["signature", "client-id", "response-time"]) {
    t.equal(came.lines.filter(([candidate]) => candidate.toLowerCase() === name).length, 1, `${way}: ${name} once`);
    t.not(value(name), "", `${way}: ${name} in lower case`);
  }
  const signed = `POST ${PATH}\n${value("client-id")}.${value("response-time")}.${came.body}`;
  t.ok(opensslAccepts(proxy.publicKey.pem, value("signature"), signed), `${way}: openssl accepts the answer`);
  t.notOk(opensslAccepts(proxy.publicKey.pem, value("signature"), corrupted(signed)), `${way}: and refuses its corrupted twin`);
}

t.test("a call by each way in is forwarded, then overridden, and signed alike", needs("curl", "openssl"), async (t) => {
  const proxy = await startProxy({ merchantPublicKey: keys.publicKey });
  t.teardown(() => proxy.stop());
  const ca = join(t.testdir(), "ca.pem");
  writeFileSync(ca, proxy.caPem);
  const port = new URL(proxy.url).port;
  const asGateway = [`https://${HOST}${PATH}`, "--cacert", ca];
  const ways: readonly { way: string; name: string; args: readonly string[] }[] = [
    { way: "http", name: "http base URL", args: [`${proxy.url}${PATH}`] },
    { way: "https", name: "https base URL", args: [`${proxy.httpsUrl}${PATH}`, "--cacert", ca, "--http1.1"] },
    {
      way: "https",
      name: "the gateway's own name by the hosts file",
      args: [...asGateway, "--http1.1", "--connect-to", `::127.0.0.1:${port}`],
    },
    {
      way: "https",
      name: "an absolute-form target inside TLS",
      args: [...asGateway, "--http1.1", "--connect-to", `::127.0.0.1:${port}`, "--request-target", `https://${HOST}${PATH}`],
    },
    { way: "http", name: "an absolute-form target in clear", args: [`http://${HOST}${PATH}`, "--proxy", proxy.url] },
    { way: "connect", name: "CONNECT", args: [...asGateway, "--http1.1", "--proxy", proxy.url] },
    { way: "connect", name: "CONNECT with HTTP/2 inside", args: [...asGateway, "--http2", "--proxy", proxy.url] },
    { way: "connect", name: "CONNECT inside TLS", args: [...asGateway, "--http1.1", "--proxy", proxy.httpsUrl, "--proxy-cacert", ca] },
    { way: "http2", name: "HTTP/2", args: [`${proxy.httpsUrl}${PATH}`, "--cacert", ca, "--http2"] },
    { way: "http2", name: "HTTP/2 without TLS", args: [`${proxy.url}${PATH}`, "--http2-prior-knowledge"] },
  ];
  const lines = (await signedLines()).flatMap((line) => ["-H", line]);
  const call = async (args: readonly string[]): Promise<Came> => {
    const ran = await runCommand("curl", ["-sS", "-i", "--noproxy", "", ...lines, "-d", BODY, ...args]);
    t.equal(ran.code, 0, ran.stderr);
    return readAnswer(ran.stdout.toString());
  };
  for (const { way, name, args } of ways) {
    await proxy.setRules([]);
    const forwarded = await call(args);
    check(t, forwarded, proxy, `${name}, forwarded`);
    t.match(forwarded.body, "ORDER_NOT_EXIST", `${name}: the sandbox answered, so it accepted the request's signature`);
    await proxy.setRules(
      [{ name: "risk", api: "inquiryPayment", active: true, result: "RISK_REJECT", allowUnknown: true }].map(withMessage),
    );
    const overridden = await call(args);
    check(t, overridden, proxy, `${name}, overridden`);
    t.match(overridden.body, "RISK_REJECT", name);
    t.same(
      proxy
        .calls()
        .slice(0, 2)
        .map(({ arrival, outcome }) => [arrival.way, outcome]),
      [
        [way, "injected"],
        [way, "forwarded"],
      ],
      name,
    );
  }
});

/** inquiryPayment does not return this code, so status and message are said outright. */
function withMessage(rule: Record<string, unknown>): Record<string, unknown> {
  return { ...rule, result: { code: rule["result"], status: "F", message: "risk reject" } };
}

t.test("a client that checks certificates refuses every TLS way without the CA", needs("curl"), async (t) => {
  const proxy = await startProxy();
  t.teardown(() => proxy.stop());
  for (const args of [[proxy.httpsUrl], [`https://${HOST}`, "--proxy", proxy.url], [proxy.httpsUrl, "--http2"]]) {
    t.equal((await runCommand("curl", ["-sS", "--noproxy", "", ...args])).code, 60, args.join(" "));
  }
  t.same(proxy.calls(), []);
});

/** As the official SDK does: port 443 whatever the URL says, any certificate, an absolute-form target. */
const PYTHON = `
import http.client, json, ssl, sys
host, url, body, lines = sys.argv[1:5]
headers = dict(line.split(": ", 1) for line in json.loads(lines))
connection = http.client.HTTPSConnection(host, context=ssl._create_unverified_context())
connection.request("POST", url, body=body, headers=headers)
answer = connection.getresponse()
print(json.dumps({"lines": answer.getheaders(), "body": answer.read().decode()}))
`;

/** A loopback address of its own, so that nothing else on this machine has the port. */
const LOOPBACK = "127.44.3.1";

async function needsPort443(): Promise<{ skip?: string }> {
  const server = createServer().listen(443, LOOPBACK);
  const error = await new Promise<unknown>((resolve) => server.once("listening", () => resolve(undefined)).once("error", resolve));
  server.close();
  return error === undefined ? {} : { skip: `port 443 cannot be bound here: ${error}` };
}

t.test(
  "Python's way, https on port 443 with an absolute-form target, is forwarded, overridden and signed",
  { ...needs("python3"), ...(await needsPort443()) },
  async (t) => {
    const proxy = await startProxy({ host: LOOPBACK, port: 443, merchantPublicKey: keys.publicKey });
    t.teardown(() => proxy.stop());
    for (const code of [undefined, "UNKNOWN_EXCEPTION"]) {
      await proxy.setRules(code === undefined ? [] : [{ name: "python", api: "inquiryPayment", active: true, result: code }]);
      const ran = await runCommand("python3", [
        "-c",
        PYTHON,
        LOOPBACK,
        `https://${HOST}${PATH}`,
        BODY,
        JSON.stringify(await signedLines()),
      ]);
      t.equal(ran.code, 0, ran.stderr);
      const came: Came = JSON.parse(ran.stdout.toString());
      check(t, came, proxy, `python, ${code ?? "forwarded"}`);
      t.match(came.body, code ?? "ORDER_NOT_EXIST");
    }
    t.match(proxy.calls()[0], { arrival: { way: "https", localPort: 443 }, request: { target: `https://${HOST}${PATH}`, path: PATH } });
  },
);
