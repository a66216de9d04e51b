import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { refuses, till } from "../helpers/poll.ts";
import { startProgram } from "../helpers/program.ts";

const WINDOW_MS = 10_000;
const RULES = "rules:\n  - {name: short, api: pay, active: true, duration: 10s, result: RISK_REJECT}\n";

t.test("a window of a few seconds survives a restart and an edit of another rule, and ends by itself on time", async (t) => {
  const folder = t.testdir({ rules: { "rules.yaml": RULES } });
  const merchant = createMerchant();
  const codeFrom = async (url: string): Promise<string> => (await merchant.call(url, "pay", payBody())).json.result.resultCode;

  const first = await startProgram({ folder });
  const startedAt = Date.now();
  t.equal(await codeFrom(first.url), "RISK_REJECT");
  writeFileSync(join(folder, "rules", "other.yaml"), "rules:\n  - {name: other, api: refund, result: PROCESS_FAIL}\n");
  await first.line((line) => line.event === "rules-loaded" && line["rules"] === 2);
  t.equal(await first.stop(), 0, "SIGTERM ends it with 0");

  const restartedAt = Date.now();
  const second = await startProgram({ folder });
  t.teardown(() => second.stop("SIGKILL"));
  t.equal(await codeFrom(second.url), "RISK_REJECT", "the window runs on after the restart");
  await second.line((line) => line.event === "window-ended");
  const endedAt = Date.now();
  t.equal(await codeFrom(second.url), "SUCCESS");
  t.ok(endedAt - startedAt >= WINDOW_MS - 500, `it ended ${endedAt - startedAt} ms after it began, not before its time`);
  t.ok(endedAt - restartedAt < WINDOW_MS, `it ended ${endedAt - restartedAt} ms after the restart, so it did not begin anew there`);
  await second.stop();

  const third = await startProgram({ folder });
  t.teardown(() => third.stop("SIGKILL"));
  t.equal(await codeFrom(third.url), "SUCCESS", "a window that ended stays ended");
  writeFileSync(join(folder, "rules", "rules.yaml"), RULES.replace("10s", "11s"));
  await third.line((line) => line.event === "window-started");
  t.equal(await codeFrom(third.url), "RISK_REJECT", "a rule that itself changed begins anew");
});

t.test("on SIGTERM calls in flight finish, then the process ends with 0", async (t) => {
  let finish: (() => void) | undefined;
  const slow = createServer((_, response) => {
    finish = () => response.end('{"result":{"resultCode":"SUCCESS"}}');
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  t.teardown(() => slow.close());
  const upstream = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  const program = await startProgram({ folder: t.testdir(), flags: ["--upstream", upstream] });
  t.teardown(() => program.stop("SIGKILL"));
  const calling = createMerchant().call(program.url, "pay", payBody());
  await till(() => finish !== undefined);
  const stopping = program.stop();
  await till(() => refuses(program.url));
  finish?.();
  const answer = await calling;
  t.equal(answer.status, 200);
  t.match(answer.text, /SUCCESS/);
  t.equal(await stopping, 0);
});

t.test("keys and state are private files, and the state file is whole JSON", async (t) => {
  const folder = t.testdir({ rules: { "rules.yaml": RULES } });
  const program = await startProgram({ folder });
  t.teardown(() => program.stop("SIGKILL"));
  await createMerchant().call(program.url, "pay", payBody());
  await program.stop();
  const data = (name: string): string => join(folder, "data", name);
  t.match(JSON.parse(readFileSync(data("state.json"), "utf8")), { version: 1, rules: [{ identity: /^short@/, firings: 1 }] });
  t.ok(existsSync(data("signing-key.pem")));
  if (process.platform !== "win32") {
    for (const name of ["signing-key.pem", "ca-key.pem", "state.json"]) t.equal(statSync(data(name)).mode & 0o777, 0o600, name);
  }
});
