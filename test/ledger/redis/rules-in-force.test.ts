/** What two questions to Redis may do to each other: each answer arrives when the test lets it. */
import t from "tap";
import { keysUnder } from "../../../src/ledger/redis/keys.ts";
import type { RedisLink } from "../../../src/ledger/redis/redis-link.ts";
import { createRuleStates, type RuleStates } from "../../../src/ledger/redis/rule-states.ts";
import { createRulesInForce, type RulesInForce } from "../../../src/ledger/redis/rules-in-force.ts";
import { createSharedTime } from "../../../src/ledger/redis/shared-time.ts";
import { settled } from "../../helpers/fake-clock.ts";
import { ruleOf, START_MS } from "../../helpers/rules.ts";

interface Question {
  readonly script: string;
  readonly words: readonly string[];
  readonly answer: (reply: unknown) => Promise<void>;
}

interface Opened {
  readonly inForce: RulesInForce;
  readonly states: RuleStates;
  /** The next question that was asked and not taken yet; throws where none was. */
  ask(script: string): Promise<Question>;
  asked(): readonly string[];
}

function open(): Opened {
  const questions: Question[] = [];
  const link: RedisLink = {
    run: ({ name }, _keys, words) =>
      new Promise((resolve) => {
        const answer = async (reply: unknown): Promise<void> => {
          resolve(reply);
          await settled();
        };
        questions.push({ script: name, words, answer });
      }),
    send: () => Promise.resolve([]),
    close: () => undefined,
  };
  const time = createSharedTime();
  const states = createRuleStates(time);
  return {
    inForce: createRulesInForce({ link, keys: keysUnder("test"), time, states, replica: "r" }),
    states,
    async ask(script) {
      await settled();
      const question = questions.shift();
      if (question?.script !== script) throw new Error(`\`${script}\` was expected, not \`${question?.script}\``);
      return question;
    },
    asked: () => questions.map((question) => question.script),
  };
}

const rule = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 2");
const other = ruleOf("name: b\nresult: PROCESS_FAIL");
const OLD = [String(START_MS), String(START_MS + 1_800_000), "", "1"];
const NEW = [String(START_MS + 5000), String(START_MS + 1_805_000), "", "0"];

/** With `rule` in force, opened at START_MS and fired once. */
async function opened(): Promise<Opened> {
  const parts = open();
  parts.inForce.want([rule], START_MS);
  const aligning = parts.inForce.align();
  await (await parts.ask("hold")).answer([OLD]);
  await aligning;
  return parts;
}

t.test("an answer that was asked for before a rule was switched off does not bring its window back", async (t) => {
  const { inForce, states, ask } = await opened();
  const reading = inForce.read(false);
  const read = await ask("read");
  inForce.want([], START_MS + 1);
  await read.answer([OLD]);
  await reading;
  t.equal(states.stateOf(rule.identity), undefined);
});

t.test("a rule that is switched off and on while Redis is asked about it opens a new window", async (t) => {
  const { inForce, states, ask } = await opened();
  const reading = inForce.read(false);
  const read = await ask("read");
  inForce.want([], START_MS + 1);
  inForce.want([rule], START_MS + 5000);
  await read.answer([OLD]);
  await reading;
  t.equal(states.stateOf(rule.identity), undefined, "what was read is of the window before");
  const aligning = inForce.align();
  const release = await ask("release");
  t.same(release.words.slice(3), [rule.identity], "Redis is told that it left");
  await release.answer(0);
  const hold = await ask("hold");
  t.same(hold.words.slice(2, 7), [rule.identity, ...NEW.slice(0, 3), "0"]);
  await hold.answer([NEW]);
  await aligning;
  t.match(states.stateOf(rule.identity), { window: { startsAtMs: START_MS + 5000 }, firings: 0 });
});

t.test("a rule that is switched off while it is being opened is let go of", async (t) => {
  const { inForce, states, ask, asked } = await opened();
  inForce.want([rule, other], START_MS + 1);
  const first = inForce.align();
  const hold = await ask("hold");
  inForce.want([rule], START_MS + 2);
  const second = inForce.align();
  await settled();
  t.same(asked(), [], "one alignment after the other");
  await hold.answer([OLD, [String(START_MS + 1), "", "", "0"]]);
  t.equal(states.stateOf(other.identity), undefined);
  const release = await ask("release");
  t.same(release.words.slice(3), [other.identity]);
  await release.answer(0);
  await (await ask("hold")).answer([OLD]);
  await Promise.all([first, second]);
  t.match(states.stateOf(rule.identity), { firings: 1 });
});

t.test("an alignment that fails holds up none after it", async (t) => {
  const { inForce, ask } = await opened();
  const failing = t.rejects(inForce.align(), { message: "away" });
  await (await ask("hold")).answer(Promise.reject(new Error("away")));
  await failing;
  const next = inForce.align();
  await (await ask("hold")).answer([OLD]);
  await t.resolves(next);
});
