/** Ids that name the same thing are remembered, whatever their names. */
import t from "tap";
import { createIdMemory } from "../../src/ledger/id-memory.ts";
import type { IdLink } from "../../src/ports/correlation.ts";
import { call } from "../helpers/rules.ts";

/** Reads `field=…` and `alias=…` anywhere in a text. */
function link(field: string, alias: string): IdLink {
  const read = (name: string, text: Buffer): string | undefined => new RegExp(`${name}=(\\w+)`).exec(text.toString())?.[1];
  return {
    field,
    alias,
    assignedIn: (content) => read(alias, content),
    chosenIn: (request, content) => read(field, request.body) ?? read(field, content),
  };
}

const two = [link("order", "orderNo"), link("parcel", "parcelNo")];
const request = (body: string) => call({ body }).request;

t.test("each link of an answer is learned once, and given when it is new", async (t) => {
  const memory = createIdMemory({ correlation: two, limit: 10 });
  t.same(memory.observe(request("order=A parcel=B"), Buffer.from("orderNo=1 parcelNo=2")), [
    ["1", "A"],
    ["2", "B"],
  ]);
  t.same(memory.observe(request("order=other"), Buffer.from("orderNo=1")), [], "the first one told stays");
  t.equal(memory.chosenFor("1"), "A");
  t.equal(memory.chosenFor("2"), "B");
  t.equal(memory.chosenFor("3"), undefined);
});

t.test("an answer with only one of the two ids teaches nothing", async (t) => {
  const memory = createIdMemory({ correlation: two, limit: 10 });
  t.same(memory.observe(request("order=A"), Buffer.from("")), []);
  t.same(memory.observe(request(""), Buffer.from("orderNo=1")), []);
  t.same(memory.pairs(), []);
});

t.test("past the limit the oldest pair is forgotten, those of an earlier process first", async (t) => {
  const memory = createIdMemory({ correlation: two, limit: 2, saved: [["1", "A"]] });
  memory.observe(request("order=B"), Buffer.from("orderNo=2"));
  memory.observe(request("order=C"), Buffer.from("orderNo=3"));
  t.same(memory.pairs(), [
    ["2", "B"],
    ["3", "C"],
  ]);
});
