import t from "tap";
import { describeFailure } from "../../src/upstream/failure.ts";

function coded(code: string, options: ErrorOptions = {}): Error {
  return Object.assign(new Error(`failed with ${code}`, options), { code });
}

t.test("each way of getting no answer has its kind", async (t) => {
  const table: readonly [string, string][] = [
    ["ECONNREFUSED", "refused"],
    ["EHOSTUNREACH", "refused"],
    ["ECONNRESET", "reset"],
    ["UND_ERR_SOCKET", "reset"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
    ["UND_ERR_BODY_TIMEOUT", "timeout"],
    ["ENOTFOUND", "name"],
    ["EAI_AGAIN", "name"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["UND_ERR_ABORTED", "cancelled"],
    ["HPE_INVALID_CONSTANT", "other"],
  ];
  for (const [code, kind] of table) t.match(describeFailure(coded(code)), { kind, detail: `failed with ${code}` }, code);
});

t.test("the cause inside a wrapped or gathered error decides", async (t) => {
  t.match(describeFailure(new Error("fetch failed", { cause: coded("ENOTFOUND") })), { kind: "name" });
  t.match(describeFailure(new AggregateError([coded("ECONNREFUSED"), coded("ETIMEDOUT")], "")), {
    kind: "refused",
    detail: "failed with ECONNREFUSED",
  });
});

t.test("anything thrown is described, never thrown again", async (t) => {
  const circle = new Error("round");
  circle.cause = circle;
  for (const thrown of [circle, "text", undefined, 5, {}, Object.assign(new Error(""), { code: 7 })]) {
    t.match(describeFailure(thrown), { kind: "other", detail: /./ });
  }
});
