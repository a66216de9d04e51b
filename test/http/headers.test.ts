import t from "tap";
import { dropHeaders, headerPairs, headerValue, headerValues, keepHeaders, nameSet } from "../../src/http/headers.ts";

const headers = ["Client-Id", "A", "X-Note", "", "client-id", "B", "Date", "now"];

t.test("header names are found without case, values come as written and in order", async (t) => {
  t.same(headerValues(headers, "client-id"), ["A", "B"]);
  t.equal(headerValue(headers, "client-id"), "A");
  t.equal(headerValue(headers, "x-note"), "");
  t.equal(headerValue(headers, "date"), "now");
});

t.test("an absent header has no value", async (t) => {
  t.same(headerValues(headers, "signature"), []);
  t.equal(headerValue(headers, "signature"), undefined);
  t.equal(headerValue([], "date"), undefined);
});

t.test("kept lines stay as written: case, order and repetition", async (t) => {
  t.same(
    keepHeaders(headers, (name) => name === "client-id"),
    ["Client-Id", "A", "client-id", "B"],
  );
  t.same(
    keepHeaders(headers, (_, value) => value === ""),
    ["X-Note", ""],
  );
});

t.test("lines are dropped by name, whatever its case, and by nothing shorter or longer", async (t) => {
  t.same(dropHeaders(headers, nameSet(["client-id", "age"])), ["X-Note", "", "Date", "now"]);
  t.same(dropHeaders(["CLIENT-ID", "C", "client-ip", "d"], nameSet(["client-id"])), ["client-ip", "d"]);
  t.same(dropHeaders(headers, nameSet([])), headers);
});

t.test("lines are given as pairs, as written and in order", async (t) => {
  t.same(headerPairs(headers), [
    ["Client-Id", "A"],
    ["X-Note", ""],
    ["client-id", "B"],
    ["Date", "now"],
  ]);
  t.same(headerPairs([]), []);
});
