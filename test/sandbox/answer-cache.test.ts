/** The memory of answers already given: the same id gets the same answer, within bounds of count and size. */
import t from "tap";
import { createAnswerCache } from "../../src/sandbox/answer-cache.ts";
import type { Reply, SandboxCall } from "../../src/sandbox/call.ts";

const call: SandboxCall = { operation: "refund", clientId: "SANDBOX_A", body: {}, nowMs: 0 };
const success: Reply["result"] = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" };
const asked = (requestId: string, fingerprint = "") => ({ requestId, fingerprint });
const answerOf = (text: string) => (): Reply => ({ result: success, text });

t.test("the same id gets the answer given before, another fingerprint is refused", async (t) => {
  const answered = createAnswerCache();
  const first = answered.answer(call, asked("a"), answerOf("1"));
  t.equal(answered.answer(call, asked("a"), answerOf("2")), first);
  t.equal(answered.answer(call, asked("a", "other"), answerOf("3")).result.resultCode, "REPEAT_REQ_INCONSISTENT");
  t.equal(answered.answer({ ...call, clientId: "SANDBOX_B" }, asked("a"), answerOf("4"))["text"], "4");
});

t.test("an answer that is not final is made anew", async (t) => {
  const answered = createAnswerCache();
  const result: Reply["result"] = { resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U", resultMessage: "unknown" };
  answered.answer(call, asked("a"), () => ({ result }));
  t.equal(answered.answer(call, asked("a"), answerOf("2"))["text"], "2");
});

t.test("no more answers are kept than the limit, and no more text", async (t) => {
  const few = createAnswerCache(2);
  for (const id of ["a", "b", "c"]) few.answer(call, asked(id), answerOf(id));
  t.equal(few.answer(call, asked("c"), answerOf("new"))["text"], "c");
  t.equal(few.answer(call, asked("a"), answerOf("new"))["text"], "new");
  const small = createAnswerCache(100, 5000);
  for (const id of ["a", "b", "c"]) small.answer(call, asked(id), answerOf(id.repeat(2000)));
  t.equal(small.answer(call, asked("c"), answerOf("new"))["text"], "c".repeat(2000));
  t.equal(small.answer(call, asked("a"), answerOf("new"))["text"], "new");
});
