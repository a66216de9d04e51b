import t from "tap";
import { resultFault } from "../../src/antom/result-fault.ts";
import type { Compiled, Effect, Fault, RuleSite } from "../../src/faults/fault.ts";
import { headerValues } from "../../src/http/headers.ts";
import type { HttpResponse, RawHeaders } from "../../src/http/message.ts";
import { request } from "../helpers/call-record.ts";

function compile(value: unknown, site: Partial<RuleSite> = {}): Compiled<Fault> {
  return resultFault.compile(value, { operations: ["pay"], allowUnknown: false, ...site });
}

function answerOf(value: unknown, site: Partial<RuleSite> = {}, theirHeaders?: RawHeaders): HttpResponse {
  const compiled = compile(value, site);
  if (compiled.kind === "bad") throw new Error(JSON.stringify(compiled.mistakes));
  const effects: readonly Effect[] = compiled.value.effects({ request: request(), nowMs: 0, random: () => 0 });
  const [making] = effects.filter((effect) => effect.kind === "make");
  if (making === undefined) throw new Error("no answer is made");
  t.equal(making.signed, true);
  return making.make(theirHeaders);
}

t.test("a bare code is filled in from the catalogue", async (t) => {
  const answer = answerOf("RISK_REJECT");
  t.equal(answer.status, 200);
  t.same(answer.headers, ["content-type", "application/json; charset=UTF-8"]);
  t.match(JSON.parse(answer.body.toString()), { result: { resultCode: "RISK_REJECT", resultStatus: "F", resultMessage: /\w/ } });
  t.match(answerOf("UNKNOWN_EXCEPTION").body.toString(), /"resultStatus":"U"/);
});

t.test("status, message and more body fields may be stated", async (t) => {
  const value = { code: "PROCESS_FAIL", status: "U", message: "mine", fields: { paymentId: "P1", acquirerInfo: { a: [1] } } };
  t.same(JSON.parse(answerOf(value).body.toString()), {
    result: { resultCode: "PROCESS_FAIL", resultStatus: "U", resultMessage: "mine" },
    paymentId: "P1",
    acquirerInfo: { a: [1] },
  });
});

t.test("one rule answers always with the same Buffer, so that its signature can be used again", async (t) => {
  const compiled = compile("RISK_REJECT");
  if (compiled.kind === "bad") throw new Error("refused");
  const bodies = [1, 2].map(() => {
    const [effect] = compiled.value.effects({ request: request(), nowMs: 0, random: () => 0 });
    return effect?.kind === "make" ? effect.make(undefined).body : undefined;
  });
  t.ok(bodies[0] !== undefined && bodies[0] === bodies[1]);
});

t.test("after a call upstream its extra header lines stay and those about the old body go", async (t) => {
  const answer = answerOf("RISK_REJECT", {}, [
    "Server",
    "spanner",
    "Content-Encoding",
    "gzip",
    "Content-Length",
    "5",
    "Content-Type",
    "text/x",
  ]);
  t.same(answer.headers, ["Server", "spanner", "content-type", "application/json; charset=UTF-8"]);
  t.same(headerValues(answer.headers, "content-encoding"), []);
  t.match(answer.body.toString(), /RISK_REJECT/);
});

t.test("a code that the API does not return is refused where it stands, with the nearest right spelling", async (t) => {
  const short = compile("RISK_REJCT");
  t.match(short, { kind: "bad", mistakes: [{ path: [], message: /`RISK_REJCT` is not a result code of `pay`/, remedy: /`RISK_REJECT`/ }] });
  t.match(compile({ code: "CANCEL_WINDOW_EXCEED" }), { kind: "bad", mistakes: [{ path: ["code"] }] });
});

t.test("allowUnknown lets any code through, with status and message stated", async (t) => {
  t.match(compile("BRAND_NEW", { allowUnknown: true }), { kind: "bad", mistakes: [{ message: /no status/ }, { message: /no message/ }] });
  const answer = answerOf({ code: "BRAND_NEW", status: "F", message: "new" }, { allowUnknown: true });
  t.match(answer.body.toString(), /"resultCode":"BRAND_NEW","resultStatus":"F","resultMessage":"new"/);
});

t.test("a paymentResultCode that the inquiry cannot report is refused", async (t) => {
  const site = { operations: ["inquiryPayment"] };
  const value = (paymentResultCode: string) => ({ code: "SUCCESS", fields: { paymentStatus: "FAIL", paymentResultCode } });
  t.match(compile(value("RISK_REJECTED"), site), { kind: "bad", mistakes: [{ path: ["fields", "paymentResultCode"] }] });
  t.match(compile(value("RISK_REJECT"), site), { kind: "ok" });
});

t.test("what is no result at all is refused, not thrown", async (t) => {
  for (const value of [undefined, null, 1, "", "risk reject", [], {}, { code: "SUCCESS", stauts: "S" }, { code: "SUCCESS", status: "X" }]) {
    t.equal(compile(value).kind, "bad", JSON.stringify(value));
  }
});
