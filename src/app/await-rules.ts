/** Rules that do not exist yet: a project that has just begun starts without them, and they are loaded when they appear. */

import type { Clock } from "../base/clock.ts";
import { isMissing } from "../base/is-missing.ts";
import type { RulesWatch } from "../rules/files/watch.ts";

const LOOK_MS = 500;

/** A watch that begins, by `begin`, when `path` appears; `check` looks at once. Resolves when it is being looked for. */
export async function awaitRules(path: string, clock: Clock, begin: () => Promise<RulesWatch>): Promise<RulesWatch> {
  const closing = new AbortController();
  let watch: Promise<RulesWatch> | undefined;
  const look = async (): Promise<void> => {
    if (watch === undefined && !(await isMissing(path)) && !closing.signal.aborted) watch ??= begin();
  };
  const looking = (async () => {
    while (watch === undefined) {
      await clock.sleep(LOOK_MS, closing.signal);
      await look();
    }
    await watch;
  })().catch(() => undefined);
  return {
    async check() {
      await look();
      await (await watch)?.check();
    },
    async close() {
      closing.abort();
      await looking;
      await (await watch)?.close();
    },
  };
}
