/** startProxy refuses what the flags refuse, names the option, and tells everything at once. */
import { generateKeyPairSync } from "node:crypto";
import t from "tap";
import { readProxyOptions } from "../../src/app/read-proxy-options.ts";
import { StartupError } from "../../src/app/startup-error.ts";
import { describeProblem } from "../../src/base/problem.ts";
import { startProxy } from "../../src/index.ts";

function mistakesIn(options: unknown): string[] {
  try {
    readProxyOptions(options);
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.problems.map(describeProblem);
  }
}

t.test("without any option the defaults hold, also for options that are undefined", async (t) => {
  const defaults = {
    listen: { host: "127.0.0.1", port: 0 },
    adminPort: undefined,
    rules: "",
    upstream: undefined,
    resign: "all",
    allowProduction: false,
    upstreamTimeoutMs: 30_000,
    maxBodyBytes: 8_388_608,
    logLevel: "silent",
  };
  t.match(readProxyOptions({}), defaults);
  t.match(readProxyOptions({ port: undefined, upstreamTimeoutMs: undefined, rules: undefined, resign: undefined }), defaults);
});

t.test("right options are taken", async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const clock = { wall: () => 0, steady: () => 0, sleep: async () => undefined };
  const options = { host: "::1", port: 8443, admin: true, upstream: "https://open-sea-global.alipay.com/", signingKey: privateKey, clock };
  t.match(readProxyOptions({ ...options, antomPublicKey: publicKey, rules: [{ name: "a" }], stateFile: "redis://h", seed: "s" }), {
    listen: { host: "::1", port: 8443 },
    adminPort: 0,
    upstream: "https://open-sea-global.alipay.com",
    state: { kind: "redis" },
    clock,
  });
  t.match(readProxyOptions({ admin: 9000, upstreamTimeoutMs: 1, maxBodyBytes: 1, logLevel: "debug" }), { adminPort: 9000 });
  t.equal(readProxyOptions({ admin: false }).adminPort, undefined);
});

t.test("each wrong option is named, with what would be right", async (t) => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const cases: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ upstream: "nonsense" }, /^upstream: `nonsense` is not a valid URL; write scheme and host only/],
    [{ upstream: "https://a.test/path" }, /^upstream: .* has a path/],
    [{ upstreamTimeoutMs: "5s" }, /^upstreamTimeoutMs: `5s` is not a number from 1 to 86400000; write milliseconds/],
    [{ upstreamTimeoutMs: -1 }, /^upstreamTimeoutMs: `-1` is not a number/],
    [{ upstreamTimeoutMs: Number.NaN }, /^upstreamTimeoutMs: `NaN` is not a number/],
    [{ maxBodyBytes: 0 }, /^maxBodyBytes: `0` is not a number/],
    [{ rule: "x" }, /^rule: there is no such option; did you mean `rules`/],
    [{ rules: 5 }, /^rules: `5` cannot be used here; give the text of a rules file, or a list of rules/],
    [{ rules: ["x"] }, /^rules: this list cannot be used here/],
    [{ rules: "", rulesPath: "x" }, /^rulesPath: rules are given twice/],
    [{ port: 70_000 }, /^port: `70000` cannot be used here/],
    [{ host: "http://x" }, /^host: /],
    [{ host: "" }, /^host: /],
    [{ admin: "yes" }, /^admin: `yes` cannot be used here; write `true`, `false` or a port/],
    [{ resign: "none" }, /^resign: `none` is not a choice/],
    [{ logLevel: "loud" }, /^logLevel: `loud` is not a choice/],
    [{ allowProduction: "true" }, /^allowProduction: `true` is not true or false/],
    [{ stateFile: "http://x" }, /^stateFile: /],
    [{ upstreamCas: "PEM" }, /^upstreamCas: /],
    [{ upstreamCas: ["PEM"] }, /^upstreamCas: /],
    [{ clock: 5 }, /^clock: /],
    [{ clock: { wall: () => 0 } }, /^clock: /],
    [{ seed: null }, /^seed: `null` is not a string/],
    [{ signingKey: publicKey }, /^signingKey: this is a public key; give an RSA private key/],
    [{ signingKey: 7 }, /^signingKey: `7` is not a key/],
    [{ antomPublicKey: "junk!" }, /^antomPublicKey: .*neither PEM nor base64/],
  ];
  for (const [options, pattern] of cases) {
    const told = mistakesIn(options);
    t.equal(told.length, 1, JSON.stringify(told));
    t.match(told[0], pattern);
  }
});

t.test("all mistakes are told at once, no key is repeated, and nothing starts", async (t) => {
  const secret = `MII${"A".repeat(300)}`;
  const told = mistakesIn({ upstream: "nonsense", upstreamTimeoutMs: "5s", rule: 1, signingKey: secret, seed: { secret } });
  t.equal(told.length, 5);
  t.notMatch(told.join("\n"), "AAAA");
  await t.rejects(startProxy({ upstream: "nonsense" }), { name: "StartupError", message: /^upstream: / });
});
