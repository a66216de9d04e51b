/** The token, the sessions opened with it, and the file that keeps it. */
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createSessions } from "../../../src/admin/server/session.ts";
import { readOrMakeToken } from "../../../src/admin/server/token.ts";

const idOf = (cookie: string | undefined): string => cookie?.split(";")[0] ?? "";

t.test("the right token is taken from the header, any other is not", async (t) => {
  const sessions = createSessions("secret");
  t.equal(sessions.judge("Bearer secret", undefined), "held");
  for (const header of [undefined, "", "secret", "Basic secret", "Bearer", "Bearer  "]) {
    t.equal(sessions.judge(header, undefined), "missing", String(header));
  }
  for (const header of ["Bearer secre", "Bearer secrett"]) t.equal(sessions.judge(header, undefined), "wrong", header);
  t.equal(createSessions(undefined).judge(undefined, undefined), "held", "no token, no question");
});

t.test("a session is opened with the token only, and its cookie is out of reach of scripts and other sites", async (t) => {
  const sessions = createSessions("secret");
  t.equal(sessions.open("wrong"), undefined);
  t.equal(createSessions(undefined).open(""), undefined);
  const cookie = sessions.open("secret");
  t.match(cookie, /^antom_fault_proxy_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  t.equal(sessions.judge(undefined, `other=1; ${idOf(cookie)}`), "held");
  t.equal(sessions.judge(undefined, `${idOf(cookie)}x`), "missing");
  t.equal(createSessions("secret").judge(undefined, idOf(cookie)), "missing", "sessions end with their server");
});

t.test("past a hundred sessions the oldest is closed", async (t) => {
  const sessions = createSessions("secret");
  const cookies = Array.from({ length: 101 }, () => idOf(sessions.open("secret")));
  t.equal(sessions.judge(undefined, cookies[0]), "missing");
  t.equal(sessions.judge(undefined, cookies[1]), "held");
  t.equal(sessions.judge(undefined, cookies[100]), "held");
  sessions.open("secret");
  t.equal(sessions.judge(undefined, cookies[1]), "held", "a session in use stays");
  t.equal(sessions.judge(undefined, cookies[2]), "missing");
});

t.test("a closed session no longer proves the token, and other sessions go on", async (t) => {
  const sessions = createSessions("secret");
  const [one, other] = [idOf(sessions.open("secret")), idOf(sessions.open("secret"))];
  t.match(sessions.close(`x=1; ${one}`), /^antom_fault_proxy_session=; .*Max-Age=0$/);
  t.equal(sessions.judge(undefined, one), "missing");
  t.equal(sessions.judge(undefined, other), "held");
  t.match(sessions.close(undefined), /Max-Age=0/);
});

t.test("the token is made once, for its owner only", async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "token-")), "data", "admin-token");
  const [one, other] = await Promise.all([readOrMakeToken(file), readOrMakeToken(file)]);
  t.match(one, /^[\w-]{32}$/);
  t.equal(one, other, "two starts at once agree");
  t.equal(await readOrMakeToken(file), one);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.equal(readFileSync(file, "utf8"), `${one}\n`);
});

t.test("a token file that cannot be used is named", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "token-"));
  const empty = join(folder, "empty");
  writeFileSync(empty, "\n");
  await t.rejects(readOrMakeToken(empty), /is empty: delete the file/);
  await t.rejects(readOrMakeToken(folder), /cannot read the admin token/);
  chmodSync(folder, 0o700);
});
