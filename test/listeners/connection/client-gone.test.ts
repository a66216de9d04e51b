import { PassThrough } from "node:stream";
import t from "tap";
import { watchClient } from "../../../src/listeners/connection/client-gone.ts";
import { settled } from "../../helpers/fake-clock.ts";

t.test("a client that leaves before the answer was ended is told once to all who still listen", async (t) => {
  const out = new PassThrough();
  const closed: string[] = [];
  const signal = watchClient({ out, onClientEnd: () => undefined }, () => closed.push("closed"));
  const told: string[] = [];
  const first = (): void => void told.push("first");
  signal.addEventListener("abort", first);
  signal.addEventListener("abort", () => told.push("second"));
  signal.removeEventListener("abort", first);
  t.notOk(signal.aborted);
  out.destroy();
  await settled();
  t.ok(signal.aborted);
  t.same(told, ["second"]);
  t.same(closed, ["closed"]);
});

t.test("an answer that was ended is no leaving", async (t) => {
  const out = new PassThrough();
  const closed: string[] = [];
  const signal = watchClient({ out, onClientEnd: () => undefined }, () => closed.push("closed"));
  signal.addEventListener("abort", () => t.fail("nobody left"));
  out.resume().end("answer");
  await new Promise((resolve) => out.once("close", resolve));
  t.notOk(signal.aborted);
  t.same(closed, ["closed"]);
});

t.test("a half-close is told as an end, once, and the leaving that follows as an abort", async (t) => {
  const out = new PassThrough();
  let halfClose = (): void => undefined;
  const onClientEnd = (listener: () => void): void => {
    halfClose = listener;
  };
  const signal = watchClient({ out, onClientEnd }, () => undefined);
  const told: string[] = [];
  signal.addEventListener("end", () => told.push("end"));
  signal.addEventListener("abort", () => told.push("abort"));
  halfClose();
  t.match(signal, { ended: true, aborted: false });
  t.same(told, ["end"]);
  out.destroy();
  await settled();
  t.match(signal, { ended: true, aborted: true });
  t.same(told, ["end", "abort"]);
});
