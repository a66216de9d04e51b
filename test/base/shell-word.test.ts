/** What is printed for a shell is one word in every shell that is installed here. */
import { spawnSync } from "node:child_process";
import t from "tap";
import { shellWord } from "../../src/base/shell-word.ts";

const WORDS = [
  "",
  "plain",
  "a b",
  "it's",
  "''",
  "$HOME",
  "$(touch x)",
  "`touch x`",
  "a;b|c&d>e<f",
  "*?[a]{b,c}",
  "~",
  "=ls",
  "!!",
  "#no comment",
  "line\nfeed\r",
  "\\",
  "-n",
  "tab\tname",
  "日本",
  '"double"',
  "a=b",
  "%1",
];

for (const shell of ["sh", "bash", "dash", "zsh", "ksh"]) {
  if (spawnSync(shell, ["-c", "true"]).status !== 0) continue;
  t.test(`${shell} reads each word back as it was`, async (t) => {
    const { stdout } = spawnSync(shell, ["-c", `printf '%s\\0' ${WORDS.map(shellWord).join(" ")}`], { env: { PATH: process.env["PATH"] } });
    t.strictSame(stdout.toString().split("\0").slice(0, -1), WORDS);
  });
}

t.test("a word that needs no quotes has none, and NUL is left out", async (t) => {
  for (const word of ["/a/b.pem", "http://127.0.0.1:8080/x", "POST", "content-type:json"]) t.equal(shellWord(word), word);
  t.equal(shellWord("a\0 b"), "'a b'");
});
