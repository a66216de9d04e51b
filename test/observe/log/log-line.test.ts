import t from "tap";
import { createLineFormat } from "../../../src/observe/log/log-line.ts";

t.test("a machine gets one JSON object a line, whatever the texts hold", async (t) => {
  const { machine } = createLineFormat(false);
  const line = machine("warn", 'a "quoted"\nmessage', { text: 'line\nfeed "and" \\', absent: undefined, list: [1] });
  t.equal(line.indexOf("\n"), line.length - 1);
  const { time, ...rest } = JSON.parse(line);
  t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.strictSame(rest, { level: "warn", text: 'line\nfeed "and" \\', list: [1], msg: 'a "quoted"\nmessage' });
  t.match(JSON.parse(machine("info", "stopped", {})), { level: "info", msg: "stopped" });
});

t.test("a person gets time, level and text, in colour if wanted", async (t) => {
  t.match(createLineFormat(false).person("error", "boom"), /^\[\d\d:\d\d:\d\d\.\d{3}\] ERROR: boom\n$/);
  const colored = createLineFormat(true).person("error", "boom");
  t.ok(colored.includes("\u001b[31mERROR\u001b[39m: \u001b[36mboom\u001b[39m\n"), JSON.stringify(colored));
});

/** A line feed, a colour escape, a C1 control (8-bit CSI), a right-to-left override, a line separator. */
const HOSTILE = "pay\n[00:00:00.000] INFO: forged\u001b[2J\u009b31m\u202eRS-1\u2028x\u007f";

t.test("text from a caller cannot forge a line, move the cursor or turn the text round", async (t) => {
  const { machine, person } = createLineFormat(false);
  for (const line of [machine("info", HOSTILE, { path: HOSTILE }), person("info", HOSTILE)]) {
    t.equal(line.indexOf("\n"), line.length - 1, "one line");
    t.notMatch(line.slice(0, -1), /[\p{Cc}\u2028\u202e]/u);
  }
  t.match(person("info", HOSTILE), "pay\\u000a[00:00:00.000] INFO: forged\\u001b[2J\\u009b31m\\u202eRS-1\\u2028x\\u007f\n");
  t.strictSame(JSON.parse(machine("info", HOSTILE, { path: HOSTILE })).path, HOSTILE, "JSON gives it back as it came");
});

t.test("a detail keeps its lines and nothing else that is unsafe", async (t) => {
  const line = createLineFormat(false).person("error", "rules rejected", "rules.yaml:1:2\n\tapi: pa\u001b[2Jy");
  t.match(line, /ERROR: rules rejected\nrules\.yaml:1:2\n\tapi: pa\\u001b\[2Jy\n$/);
});
