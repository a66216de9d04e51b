import { EventEmitter } from "node:events";
import { openSync } from "node:fs";
import t from "tap";
import { isHangUpIgnored, waitForStop } from "../../src/cli/stop-signal.ts";

t.test("each of the signals ends the program, and a second one is left to the system", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"]) {
    const signals = new EventEmitter();
    const stopped = waitForStop(signals, false);
    signals.emit(signal, signal);
    t.equal(await stopped, signal);
    t.same(signals.eventNames(), []);
  }
});

t.test("a hang-up that is ignored does not count", async (t) => {
  const signals = new EventEmitter();
  const stopped = waitForStop(signals, true);
  t.equal(signals.listenerCount("SIGHUP"), 0);
  signals.emit("SIGTERM", "SIGTERM");
  t.equal(await stopped, "SIGTERM");
});

t.test("nohup is known by the name that the shell left, or by the standard input that it left", async (t) => {
  const file = openSync(new URL(import.meta.url), "r");
  const readable = openSync("/dev/null", "r");
  const closed = openSync("/dev/null", "w");
  t.ok(isHangUpIgnored({ _: "/usr/bin/nohup" }, file));
  t.notOk(isHangUpIgnored({ _: "/usr/bin/node" }, file));
  t.notOk(isHangUpIgnored({}, readable));
  t.ok(isHangUpIgnored({}, closed));
  t.notOk(isHangUpIgnored({}, 9999));
});
