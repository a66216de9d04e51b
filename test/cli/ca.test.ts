/** The text of `ca`: its shell lines are run as printed, against a door that only our CA vouches for. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { type CaFacts, caText, trustClients, trustGuides } from "../../src/cli/ca.ts";
import { openDoor } from "../helpers/open-door.ts";
import { needs, type ProgramName } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const FACTS: CaFacts = {
  caFile: "/data/it's here/ca.pem",
  fingerprint: "AB:CD",
  notAfterMs: Date.UTC(2028, 10, 22),
  hosts: ["localhost", "open-na.alipay.com"],
};

t.test("the text says where the CA is, what it is good for, and how each client is told", async (t) => {
  const text = caText(FACTS);
  for (const part of [FACTS.caFile, "SHA-256: AB:CD", "Valid until 2028-11-22, for: localhost, open-na.alipay.com"]) t.match(text, part);
  for (const { title } of trustGuides(FACTS.caFile)) t.match(text, `# ${title}\n`);
  t.notMatch(text, "PRIVATE KEY");
  t.ok(text.endsWith("\n") && !text.endsWith("\n\n"));
});

t.test("one client's guide stands alone", async (t) => {
  t.equal(
    caText(FACTS, "node"),
    "# Node.js (read once, at the start of the process)\nexport NODE_EXTRA_CA_CERTS='/data/it'\\''s here/ca.pem'\n",
  );
  t.strictSame(trustClients, ["node", "java", "go", "python", "php", "dotnet", "curl", "browser", "system", "container"]);
});

const CALLS: readonly { client: string; call: string; tools: readonly ProgramName[] }[] = [
  {
    client: "node",
    call: `"${process.execPath}" -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(9))' "$URL"`,
    tools: [],
  },
  {
    client: "python",
    call: `python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1])' "$URL"`,
    tools: ["python3", "ca-certificates"],
  },
  { client: "java", call: `java -XX:TieredStopAtLevel=1 Call.java "$URL"`, tools: ["java", "keytool"] },
];

const JAVA = `public class Call {
  public static void main(String[] args) throws Exception {
    new java.net.URL(args[0]).openStream().close();
  }
}`;

for (const { client, call, tools } of CALLS) {
  t.test(`the lines for ${client} work as printed, and without them the call is refused`, needs("sh", ...tools), async (t) => {
    t.setTimeout(120_000);
    const { port, ca, door } = await openDoor();
    t.teardown(() => door.stop(0));
    const folder = t.testdir({ "Call.java": JAVA });
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, ca.certificatePem);
    const { NODE_EXTRA_CA_CERTS: _node, SSL_CERT_FILE: _file, SSL_CERT_DIR: _dir, JAVA_TOOL_OPTIONS: _java, ...env } = process.env;
    const options = { env: { ...env, NODE_OPTIONS: "", URL: `https://localhost:${port}/` }, timeoutMs: 60_000 };
    const inFolder = `cd "${folder}"\n`;
    const told = await runCommand("sh", ["-ec", `${inFolder}${caText({ ...FACTS, caFile }, client)}${call}`], options);
    t.equal(told.code, 0, told.stderr);
    t.not((await runCommand("sh", ["-ec", inFolder + call], options)).code, 0);
  });
}

t.test("the line for curl works as printed", needs("sh", "curl"), async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const caFile = join(t.testdir(), "ca.pem");
  writeFileSync(caFile, ca.certificatePem);
  const lines = caText({ ...FACTS, caFile }, "curl").replaceAll("localhost:8080", `localhost:${port}`);
  const ran = await runCommand("sh", ["-ec", lines]);
  t.equal(ran.code, 0, ran.stderr);
});
