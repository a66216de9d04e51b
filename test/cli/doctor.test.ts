/** The doctor at work: its texts, and the command with real calls. */

import { join } from "node:path";
import { Command } from "commander";
import t from "tap";
import { diagnosisText, silenceText } from "../../src/cli/doctor.ts";
import { addDoctor } from "../../src/cli/doctor-command.ts";
import type { Io } from "../../src/cli/io.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

t.test("a diagnosis is a short table and a verdict", async (t) => {
  const facts = [
    ["call", "POST /x"],
    ["way in", "https"],
  ] as const;
  t.equal(diagnosisText({ facts, complaints: [] }), "Received a call.\n  call        POST /x\n  way in      https\nNo problems found.\n");
  const wrong = diagnosisText({ facts: [], complaints: [{ what: "it is wrong", remedy: "mend it" }] });
  t.equal(wrong, "Received a call.\n! it is wrong\n  → mend it\n");
});

t.test("silence is answered with what to look at", async (t) => {
  const text = silenceText(120, ["http://127.0.0.1:8080"]);
  for (const part of ["Nothing arrived for 120 s", "http://127.0.0.1:8080", "NO_PROXY", "0.0.0.0", "443"]) t.match(text, part);
  t.ok(text.split("\n").every((line) => line.length <= 110));
});

interface Visit {
  /** Resolves with the port once the doctor waits. */
  readonly port: Promise<string>;
  readonly exit: Promise<number>;
  out(): string;
}

/** Runs `doctor node` on a free port. */
function visit(folder: string, flags: readonly string[]): Visit {
  let out = "";
  let found: (port: string) => void = () => undefined;
  const port = new Promise<string>((resolve) => {
    found = resolve;
  });
  const io: Io = {
    out: (text) => {
      out += text;
      const match = /Waiting up to \d+ s for a call to http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (match?.[1] !== undefined) found(match[1]);
    },
    err: () => undefined,
    environment: {},
    terminal: false,
    openLog: () => ({ write: () => undefined, flush: async () => undefined }),
    endBySignal: () => undefined,
    onBug: () => undefined,
    stopSignal: () => new Promise(() => undefined),
  };
  let code = -1;
  const program = new Command("test").exitOverride();
  addDoctor({ program, io, done: (exitCode) => (code = exitCode) });
  const own = [
    "--listen",
    "127.0.0.1:0",
    "--admin",
    "127.0.0.1:0",
    "--data-dir",
    join(folder, "data"),
    "--rules",
    join(folder, "rules.yaml"),
  ];
  const exit = program.parseAsync(["doctor", "node", ...own, ...flags], { from: "user" }).then(() => code);
  return { port, exit, out: () => out };
}

t.test("the command judges calls as they come, until one is sound", needs("curl"), async (t) => {
  const merchant = createMerchant();
  const folder = t.testdir({ "rules.yaml": "rules: []\n", "merchant.pem": merchant.keys.publicPem });
  const doctor = visit(folder, ["--merchant-public-key", join(folder, "merchant.pem"), "--wait", "20"]);
  const port = await doctor.port;
  await runCommand("curl", ["-s", "--noproxy", "*", `https://127.0.0.1:${port}/`]);
  await merchant.call(`http://127.0.0.1:${port}`, "pay", {}, { path: "/ams/api/v1/payments/pay" });
  await merchant.call(`http://127.0.0.1:${port}`, "pay", { paymentRequestId: "a" }, { sent: '{"paymentRequestId":"b"}' });
  await merchant.call(`http://127.0.0.1:${port}`, "inquiryPayment", { paymentRequestId: "a" });
  t.equal(await doctor.exit, 0);
  const text = doctor.out();
  t.match(text, "does not trust the proxy's certificate");
  t.match(text, /production path: `\/ams\/api\/…` must be/);
  t.match(text, "another key, or of another text");
  t.ok(text.endsWith("No problems found.\n"));
});

t.test("when nothing comes in time the command says what to look at and fails", async (t) => {
  const doctor = visit(t.testdir({ "rules.yaml": "rules: []\n" }), ["--wait", "0.2"]);
  t.equal(await doctor.exit, 1);
  t.match(doctor.out(), "Nothing arrived for 0.2 s");
});
