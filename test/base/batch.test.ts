import t from "tap";
import { createBatch } from "../../src/base/batch.ts";

/** A gathering whose results tell their names when they are handed on. */
function gathering(most: number): { readonly told: string[]; start(count: number): void; finish(name: string): void } {
  const told: string[] = [];
  const { started, finished } = createBatch(most, 5);
  return {
    told,
    start(count) {
      for (let n = 0; n < count; n += 1) started();
    },
    finish: (name) => finished(() => told.push(name)),
  };
}

t.test("a lone result is handed on at once", async (t) => {
  const { told, start, finish } = gathering(4);
  start(1);
  finish("a");
  t.same(told, ["a"]);
});

t.test("results wait until as many have come back as are still out, in their order", async (t) => {
  const { told, start, finish } = gathering(4);
  start(4);
  finish("a");
  t.same(told, []);
  finish("b");
  t.same(told, ["a", "b"]);
  finish("c");
  finish("d");
  t.same(told, ["a", "b", "c", "d"]);
});

t.test("no more wait than a group holds", async (t) => {
  const { told, start, finish } = gathering(3);
  start(100);
  finish("a");
  finish("b");
  t.same(told, []);
  finish("c");
  t.same(told, ["a", "b", "c"]);
});

t.test("a result does not wait for work that is held up", async (t) => {
  const { told, start, finish } = gathering(4);
  start(3);
  finish("a");
  t.same(told, []);
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  t.same(told, ["a"]);
});
