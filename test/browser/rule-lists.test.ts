/** The lists of rules in the view Simulate, in a real Chromium: what stops, is used up or has not begun. */
import { openStage, RUNNING_RULES } from "../helpers/page-scene.ts";

const { scene } = openStage();

scene("a simulation is stopped while its file has a mistake", { hash: "#simulate", rules: RUNNING_RULES }, async (t, opened) => {
  const { page, save, rules, call } = opened;
  await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor();
  const broken = RUNNING_RULES.replace("delay: 2s", "dellay: 2s");
  await save(broken);
  await page.getByRole("alert").filter({ hasText: "last good rules stay in force" }).waitFor();
  await page.getByRole("button", { name: "Stop pay-risk-reject" }).click();
  const card = page.locator(".rule", { hasText: "RISK_REJECT" });
  await card.getByText("still has active: true").waitFor();
  t.match(await card.textContent(), /stopped[\s\S]*rules\.yaml:4/);
  t.equal(await page.locator(".rule.running", { hasText: "RISK_REJECT" }).count(), 0);
  t.equal(rules(), broken, "the broken file is left alone");
  t.match(await call(), { outcome: "forwarded" });
  await save(RUNNING_RULES);
  await page.getByRole("alert").waitFor({ state: "detached" });
  t.match(await call(), { outcome: "forwarded" }, "it stays stopped when the file is mended");
  await page.getByRole("button", { name: "Re-arm pay-risk-reject" }).click();
  await page.locator(".rule.running", { hasText: "RISK_REJECT" }).waitFor();
  t.match(await call(), { outcome: "injected" });
});

scene(
  "a rule that has not begun says when it will, and offers no re-arming",
  { hash: "#simulate", rules: "rules:\n  - {name: later, api: pay, active: true, from: 2099-01-01T00:00:00Z, times: 1, delay: 1s}\n" },
  async (t, { page }) => {
    const card = page.locator(".rule:not(.running)", { hasText: "later" });
    await card.getByText(/begins .*2099|begins .*2098/).waitFor();
    t.match(await card.textContent(), /at most once/);
    t.equal(await card.getByRole("button").count(), 0);
  },
);

/** Rules with a limit: of one, by steps, and for each payment. */
const LIMITED = `rules:
  - name: only-once
    api: pay
    active: true
    times: 1
    result: RISK_REJECT
  - name: a-sequence
    api: pay
    active: true
    steps:
      - {result: PROCESS_FAIL}
    then: forward
  - name: each-payment-once
    api: pay
    active: true
    per: paymentRequestId
    times: 1
    result: PAYMENT_IN_PROCESS
`;

scene("a rule that has acted as often as it may is not running", { hash: "#simulate", rules: LIMITED }, async (t, { page, call }) => {
  await page.locator(".rule.running", { hasText: "a-sequence" }).waitFor();
  t.equal(await page.locator(".rule.running").count(), 3);
  t.match(await call(), { rule: { name: "only-once" } });
  t.match(await call(), { rule: { name: "a-sequence" } });
  for (const name of ["only-once", "a-sequence"]) {
    const spent = page.locator(".rule:not(.running)", { hasText: name });
    await spent.getByText("used up").waitFor();
    t.match(await spent.textContent(), /1 firing/);
  }
  t.equal(await page.locator(".rule.running", { hasText: "each-payment-once" }).count(), 1, "it can act for other payments");
  await page.getByRole("button", { name: "Re-arm only-once" }).click();
  await page.locator(".rule.running", { hasText: "only-once" }).first().waitFor();
  t.match(await call(), { rule: { name: "only-once" } });
});
