/** Whoever guesses the token waits longer and longer; everybody else does not. */
import t from "tap";
import { createTokenGuesses } from "../../../src/admin/server/token-guesses.ts";

function start() {
  const waits: { readonly ms: number; readonly end: () => void }[] = [];
  const guesses = createTokenGuesses((ms) => new Promise((resolve) => waits.push({ ms, end: resolve })));
  return { guesses, waits };
}

t.test("the first wrong tokens cost nothing, further ones twice as much each, two seconds at the most", async (t) => {
  const { guesses, waits } = start();
  for (let n = 0; n < 10; n += 1) {
    const answered = guesses.wrong("10.0.0.1");
    waits.at(-1)?.end();
    await answered;
  }
  t.strictSame(
    waits.map(({ ms }) => ms),
    [0, 0, 0, 125, 250, 500, 1000, 2000, 2000, 2000],
  );
});

t.test("four wrong tokens of one address may wait at a time; another address may try", async (t) => {
  const { guesses, waits } = start();
  const answered = Array.from({ length: 4 }, () => guesses.wrong("2001:db8:0:1::5"));
  t.equal(guesses.mayTry("2001:db8:0:1::5"), false);
  t.equal(guesses.mayTry("2001:db8:0:1::6"), false, "a network of one client");
  t.equal(guesses.mayTry("2001:db8:0:2::5"), true);
  t.equal(guesses.mayTry("10.0.0.2"), true);
  for (const wait of waits) wait.end();
  await Promise.all(answered);
  t.equal(guesses.mayTry("2001:db8:0:1::5"), true);
});
