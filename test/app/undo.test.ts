import t from "tap";
import { createUndo } from "../../src/app/undo.ts";

t.test("steps run last in, first out, each once, and are given the grace", async (t) => {
  const undo = createUndo((name) => t.fail(name));
  const seen: string[] = [];
  undo.push("one", (graceMs) => seen.push(`one ${graceMs}`));
  undo.push("two", async (graceMs) => seen.push(`two ${graceMs}`));
  await undo.run(50);
  await undo.run(50);
  t.same(seen, ["two 50", "one 50"]);
});

t.test("a step that throws, rejects or hangs keeps none of the others from running, and is told", async (t) => {
  const told: string[] = [];
  const seen: string[] = [];
  const undo = createUndo((name, error) => told.push(`${name}: ${error instanceof Error ? error.message : ""}`), 20);
  undo.push("state", () => seen.push("saved"));
  undo.push("hanging", () => new Promise(() => undefined));
  undo.push("rejecting", async () => Promise.reject(new Error("no")));
  undo.push("throwing", () => {
    throw new Error("never");
  });
  await undo.run(10);
  t.same(seen, ["saved"]);
  t.same(told, ["throwing: never", "rejecting: no", "hanging: not done after 30 ms"]);
});
