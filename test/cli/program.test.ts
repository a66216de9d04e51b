import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runCli } from "../../src/cli/program.ts";
import { projectRoot } from "../helpers/program.ts";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(words: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
  let out = "";
  let err = "";
  const code = await runCli(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    environment,
    terminal: false,
    openLog: () => ({ write: () => undefined, flush: async () => undefined }),
    endBySignal: () => undefined,
    onBug: () => undefined,
    stopSignal: async () => "SIGTERM",
  });
  return { code, out, err };
}

t.test("help lists the commands, with each flag's default and variable", async (t) => {
  const { code, out } = await run(["--help"]);
  t.equal(code, 0);
  for (const command of ["start", "check", "codes", "connect", "sandbox"]) t.match(out, new RegExp(`^  ${command}\\b`, "m"), command);
  t.match((await run(["start", "--help"])).out, /--listen <host:port>[\s\S]*127\.0\.0\.1:8080[\s\S]*ANTOM_FAULT_PROXY_LISTEN/);
});

t.test("--version is that of package.json", async (t) => {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  t.same(await run(["--version"]), { code: 0, out: `${version}\n`, err: "" });
});

t.test("an unknown command or flag is refused with the nearest one", async (t) => {
  t.match(await run(["chekc"]), { code: 2, err: /unknown command `chekc`; did you mean `check`\?/ });
  t.match(await run(["bogus"]), { code: 2, err: /unknown command `bogus`; the commands are start, check, / });
  t.match(await run(["start", "--lisen", "x"]), { code: 2, err: /--listen/ });
});

t.test("wrong settings are all named, and nothing starts", async (t) => {
  const { code, err } = await run(["start", "--listen", "nowhere", "--resign", "none"], { ANTOM_FAULT_PROXY_SEED: " " });
  t.equal(code, 2);
  t.match(err, /--listen: `nowhere` is not a valid address/);
  t.match(err, /--resign: /);
  t.match(err, /ANTOM_FAULT_PROXY_SEED: /);
  t.match(await run(["start", "--config", "nowhere.yaml"]), { code: 2, err: /nowhere\.yaml: the settings file cannot be read/ });
});

t.test("check ends with 0 for good rules, and with 1 for wrong ones, named with line and column", async (t) => {
  const folder = t.testdir({
    good: { "a.yaml": "rules: [{name: a, api: pay, result: RISK_REJECT}]\n" },
    bad: { "b.yaml": "rules:\n  - name: b\n    api: pya\n    result: RISK_REJECT\n" },
  });
  t.match(await run(["check", join(folder, "good")]), { code: 0, out: /1 rule.*no problems/ });
  t.match(await run(["check", "--rules", join(folder, "bad")]), { code: 1, out: /b\.yaml:3:10: .*`pya`.*`pay`/ });
  t.match(await run(["check", "--format", "github", join(folder, "bad")]), { code: 1, out: /^::error file=.*line=3,col=10::/ });
  const json = await run(["check", "--format", "json", join(folder, "bad")]);
  t.match(JSON.parse(json.out), { ok: false, problems: [{ line: 3, column: 10 }] });
  t.match(await run(["check", join(folder, "none")]), { code: 1, out: /file or folder not found/ });
});

t.test("codes lists an API's codes, and an unknown API is named with the nearest one", async (t) => {
  t.match(await run(["codes", "pay"]), { code: 0, out: /RISK_REJECT\s+F/ });
  t.match(await run(["codes", "pya"]), { code: 1, err: /`pay`/ });
});

t.test("connect prints lines with the proxy's address and key", async (t) => {
  const folder = t.testdir();
  const { code, out } = await run(["connect", "node", "--data-dir", join(folder, "data"), "--listen", "127.0.0.1:9999"]);
  t.equal(code, 0);
  t.match(out, /127\.0\.0\.1:9999/);
  t.match(out, /MII[A-Za-z0-9+/]{100}/);
  t.match(await run(["connect", "cobol"]), { code: 2, err: /java/ });
});

t.test("sandbox starts the stand-in alone and ends on the signal", async (t) => {
  t.match(await run(["sandbox", "--listen", "127.0.0.1:0"]), { code: 0, err: /stand-in sandbox on http:\/\/127\.0\.0\.1:\d+[\s\S]*MII/ });
  t.match(await run(["sandbox", "--listen", "x"]), { code: 2, err: /is not a valid address/ });
});

t.test("start on free ports says where it listens, and ends on the signal with 0", async (t) => {
  const folder = t.testdir({ rules: { "r.yaml": "" } });
  const flags = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--rules", join(folder, "rules")];
  const { code, err } = await run(["start", ...flags, "--log-level", "silent"]);
  t.equal(code, 0);
  t.match(err, /SDK base URL\s+http:\/\/127\.0\.0\.1:\d+\n[\s\S]*public key\s+MII[\s\S]*rules\s+\S+[\s\S]*curl -i/);
});
