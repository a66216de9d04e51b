import t from "tap";
import { createFacts } from "../../../src/proxy/facts.ts";
import type { Facts } from "../../../src/rules/rule.ts";
import { select } from "../../../src/rules/select/select.ts";
import { createUnreadableBodies } from "../../../src/rules/select/unreadable-bodies.ts";
import { arrival, identity, request } from "../../helpers/call-record.ts";
import { ledgerOf, rulesOf, START_MS } from "../../helpers/rules.ts";

const RULES = rulesOf(`rules:
  - {name: by-field, api: pay, when: {body: {paymentId: P1}}, result: RISK_REJECT}
  - {name: by-size, api: pay, when: {not: {body: {amount: {gt: 1}}}}, per: paymentId, times: 1, result: RISK_REJECT}
  - {name: any-body, api: pay, when: {clientId: nobody}, result: RISK_REJECT}
  - {name: other-api, api: refund, when: {body: {paymentId: P1}}, abort: reset}
`);

function facts(body: string | Buffer, headers: readonly string[] = []): Facts {
  return createFacts(request({ body: Buffer.from(body), headers: [...request().headers, ...headers] }), identity(), arrival(), START_MS);
}

t.test("a body with a byte order mark is read", async (t) => {
  const ledger = await ledgerOf(RULES);
  const chosen = await select(RULES, facts('\ufeff{"paymentId": "P1"}'), ledger);
  t.equal(chosen?.rule.name, "by-field");
});

t.test("a body that cannot be read is counted, and said once of each rule that asks for it", async (t) => {
  const ledger = await ledgerOf(RULES);
  const told: string[] = [];
  const unreadable = createUnreadableBodies((message) => told.push(message));
  const note = async (call: Facts): Promise<void> => {
    await select(RULES, call, ledger);
    unreadable.note(call, RULES);
  };
  await note(facts('{"paymentId": "P1"}'));
  t.same(told, []);
  for (const body of ["paymentId=P1", "", "{"]) await note(facts(body));
  const end = "is not JSON: the rule does not act on such calls";
  t.same(told, [
    `rule \`by-field\` reads the body, but the body of a \`pay\` ${end}`,
    `rule \`by-size\` reads the body, but the body of a \`pay\` ${end}`,
  ]);
  t.equal(unreadable.count(), 3);
});

t.test("the reason is named where the head tells it", async (t) => {
  const told: string[] = [];
  const ledger = await ledgerOf(RULES);
  for (const call of [facts(Buffer.from([31, 139]), ["content-encoding", "gzip"]), facts("")]) {
    const unreadable = createUnreadableBodies((message) => told.push(message));
    await select(RULES, call, ledger);
    unreadable.note(call, RULES);
  }
  t.match(told, [/not JSON but encoded \(`content-encoding: gzip`\)/, /by-size/, /not JSON but empty/, /by-size/]);
});
