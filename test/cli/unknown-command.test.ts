import t from "tap";
import { unknownCommand } from "../../src/cli/unknown-command.ts";

const COMMANDS = ["start", "check", "codes"];

t.test("a mistyped command is named with the nearest one, where it once counted as too many arguments for start", async (t) => {
  t.equal(unknownCommand(["chekc", "rules"], COMMANDS), "unknown command `chekc`; did you mean `check`?\n");
  t.equal(unknownCommand(["bogus"], COMMANDS), "unknown command `bogus`; the commands are start, check, codes\n");
});

t.test("commands, flags, help and nothing at all pass", async (t) => {
  for (const words of [[], ["start"], ["check", "x"], ["help"], ["--listen", "x"], ["-h"]])
    t.equal(unknownCommand(words, COMMANDS), undefined);
});
