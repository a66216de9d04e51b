import t from "tap";
import { describeProblem } from "../../src/base/problem.ts";
import { type ConfigRead, type ConfigSources, readConfig } from "../../src/config/read-config.ts";
import { environmentOf, flagOf } from "../../src/config/settings.ts";

function read(sources: Partial<ConfigSources> = {}): ConfigRead {
  return readConfig({ flags: {}, environment: {}, file: undefined, ...sources });
}

function problemsOf(sources: Partial<ConfigSources>): string[] {
  const result = read(sources);
  return result.kind === "ok" ? [] : result.problems.map(describeProblem);
}

t.test("without any setting the defaults hold", async (t) => {
  t.match(read(), {
    kind: "ok",
    config: {
      listen: [{ host: "127.0.0.1", port: 8080 }],
      admin: { host: "127.0.0.1", port: 8081 },
      rules: "./rules",
      dataDir: "./.antom-fault-proxy",
      upstream: undefined,
      resign: "all",
      allowProduction: false,
      upstreamTimeoutMs: 30_000,
      maxBodyBytes: 8 * 1024 * 1024,
      logLevel: "info",
      logFormat: undefined,
    },
  });
});

t.test("a flag beats the environment, which beats the settings file", async (t) => {
  const file = { path: "antom-fault-proxy.yaml", text: "rules: file\nseed: file\ndata-dir: file\n" };
  const environment = { ANTOM_FAULT_PROXY_RULES: "environment", ANTOM_FAULT_PROXY_SEED: "environment", PATH: "/bin" };
  t.match(read({ flags: { rules: "flag" }, environment, file }), {
    kind: "ok",
    config: { rules: "flag", seed: "environment", dataDir: "file" },
  });
});

t.test("--listen may be given several times, the variable holds a list with commas, the file a list", async (t) => {
  const listen = [
    { host: "127.0.0.1", port: 1 },
    { host: "::1", port: 2 },
  ];
  t.match(read({ flags: { listen: ["127.0.0.1:1", "[::1]:2"] } }), { config: { listen } });
  t.match(read({ environment: { ANTOM_FAULT_PROXY_LISTEN: "127.0.0.1:1, [::1]:2" } }), { config: { listen } });
  t.match(read({ file: { path: "f", text: 'listen: ["127.0.0.1:1", "[::1]:2"]' } }), { config: { listen } });
  t.match(read({ file: { path: "f", text: "listen: 0" } }), { config: { listen: [{ host: "127.0.0.1", port: 0 }] } });
});

t.test("every mistake is reported at once, with its place and the remedy", async (t) => {
  const text = "lisen: 1\nallow-production: maybe\nupstream: https://x.test/path\n";
  const problems = problemsOf({
    flags: { admin: "nowhere" },
    environment: { ANTOM_FAULT_PROXY_RULSE: "x" },
    file: { path: "afp.yaml", text },
  });
  t.match(problems, [
    /^afp\.yaml:1:1: unknown setting `lisen`; did you mean `listen`$/,
    /^ANTOM_FAULT_PROXY_RULSE: unknown setting; did you mean `ANTOM_FAULT_PROXY_RULES`$/,
    /^--admin: `nowhere` is not a valid address; write `host:port`/,
    /^afp\.yaml:3:1: `upstream`: `https:\/\/x\.test\/path` has a path; write scheme and host only/,
    /^afp\.yaml:2:1: `allow-production`: `maybe` is neither true nor false/,
  ]);
});

t.test("a settings file that is no YAML mapping says where", async (t) => {
  t.match(problemsOf({ file: { path: "f.yaml", text: "a: [1\nb: 2" } })[0], /^f\.yaml:\d+:\d+: /);
  t.match(problemsOf({ file: { path: "f.yaml", text: "- 1" } }), [/^f\.yaml:1:1: the file is not a YAML mapping/]);
  t.same(problemsOf({ file: { path: "f.yaml", text: "# nothing\n" } }), []);
});

t.test("values that a setting cannot take are refused", async (t) => {
  const table: readonly [string, string][] = [
    ["listen", "127.0.0.1"],
    ["listen", "127.0.0.1:70000"],
    ["listen", "a b:80"],
    ["upstream", "open-sea-global.alipay.com"],
    ["upstream", "ftp://x.test"],
    ["upstream", "https://user:secret@x.test"],
    ["resign", "none"],
    ["seed", " "],
    ["upstreamTimeout", "30"],
    ["upstreamTimeout", "0s"],
    ["upstreamTimeout", "25h"],
    ["maxBody", "8 apples"],
    ["maxBody", "0"],
    ["logLevel", "verbose"],
  ];
  for (const [name, value] of table) t.equal(problemsOf({ flags: { [name]: value } }).length, 1, `${name} ${value}`);
  t.notMatch(problemsOf({ flags: { upstream: "https://user:secret@x.test" } }).join(), /secret/);
});

t.test("one name gives the flag and the variable", async (t) => {
  t.equal(flagOf("antomPublicKey"), "--antom-public-key");
  t.equal(environmentOf("antomPublicKey"), "ANTOM_FAULT_PROXY_ANTOM_PUBLIC_KEY");
});

t.test(
  "a head's time-out that is longer than its request's is a mistake where it was given, and gives way where it is the standard",
  async (t) => {
    t.match(read({ flags: { requestTimeout: "5s" } }), { kind: "ok", config: { headTimeoutMs: 5000, requestTimeoutMs: 5000 } });
    t.match(read({ flags: { requestTimeout: "5s", headTimeout: "5s" } }), { kind: "ok" });
    t.same(problemsOf({ flags: { requestTimeout: "5s", headTimeout: "6s" } }), [
      "--head-timeout: `6s` is longer than `--request-timeout`, which is `5s`; give a shorter `--head-timeout`, or a longer `--request-timeout`",
    ]);
    t.match(problemsOf({ environment: { ANTOM_FAULT_PROXY_HEAD_TIMEOUT: "10m" } }), [
      /^ANTOM_FAULT_PROXY_HEAD_TIMEOUT: `10m` is longer than /,
    ]);
  },
);
