import t from "tap";
import { createLineFormat } from "../../src/observe/log-line.ts";

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
