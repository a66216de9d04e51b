/** A browser test of the page: the browser and the built page of one file, and one open page a test. */
import type { Browser, Page, Route } from "playwright-core";
import t, { type Test } from "tap";
import { type AdminFixture, type FixtureOptions, startAdminFixture } from "./admin-fixture.ts";
import { buildPage, needsBrowser, openBrowser } from "./browser.ts";

/** A simulation that is switched off, and a rule that the page cannot write. */
export const RULES = `# my rules
rules:
  # why this one
  - name: pay-risk-reject
    api: pay
    active: false # off for now
    duration: 30m
    result: RISK_REJECT
  - name: slow-refunds
    description: refunds take their time
    api: refund
    active: true
    delay: 2s
`;

/** RULES with the simulation switched on. */
export const RUNNING_RULES = RULES.replace("active: false", "active: true");

export interface Opened extends AdminFixture {
  readonly page: Page;
}

export interface SceneOptions extends FixtureOptions {
  /** Where the page opens. */
  readonly hash: string;
  readonly width?: number;
  readonly dark?: boolean;
  /** Console errors that belong to the scene. */
  readonly expected?: RegExp;
  /** Runs before the page opens: routes that fail or wait. */
  readonly before?: (page: Page) => Promise<void>;
}

export interface Stage {
  readonly browser: () => Browser;
  readonly pageFolder: () => URL;
  /** A test with the page open; an unexpected console error fails it. */
  readonly scene: (name: string, options: SceneOptions, play: (t: Test, opened: Opened) => Promise<void>) => void;
}

/** Options of a test that needs the browser. */
export const here = needsBrowser();

/** Starts the browser and builds the page before the first test of the file; ends the browser after the last one. */
export function openStage(): Stage {
  let browser: Browser | undefined;
  let pageFolder: URL | undefined;
  t.setTimeout(240_000);
  t.before(async () => {
    if (here.skip !== false) return;
    browser = await openBrowser();
    pageFolder = await buildPage();
  });
  t.teardown(async () => await browser?.close());
  const stage = { browser: () => known(browser), pageFolder: () => known(pageFolder) };
  return { ...stage, scene: (name, options, play) => void t.test(name, here, (t) => playScene(t, { stage, options, play })) };
}

/** A handler for `page.route` that lets requests go on only after `open`. */
export function holdRequests(): { readonly wait: (route: Route) => Promise<void>; readonly open: () => void } {
  const { promise: opened, resolve: open } = openGate();
  return {
    open,
    async wait(route) {
      await opened;
      await route.continue();
    },
  };
}

function openGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

interface Scene {
  readonly stage: Pick<Stage, "browser" | "pageFolder">;
  readonly options: SceneOptions;
  readonly play: (t: Test, opened: Opened) => Promise<void>;
}

async function playScene(t: Test, { stage, options, play }: Scene): Promise<void> {
  const { hash, width = 1600, dark = false, expected = /^$/, before, admin, ...rest } = options;
  const fixture = await startAdminFixture({ rules: RULES, ...rest, admin: { pageFolder: stage.pageFolder(), ...admin } });
  const page = await stage.browser().newPage({ viewport: { width, height: 1000 }, colorScheme: dark ? "dark" : "light" });
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  t.teardown(async () => {
    await page.close();
    await fixture.admin.stop();
  });
  await before?.(page);
  await page.goto(`${fixture.admin.origin}/${hash}`);
  await play(t, { ...fixture, page });
  t.strictSame(complaints, [], "no console error");
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the browser starts before the first test of the file");
  return value;
}
