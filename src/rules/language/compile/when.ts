/** Compiles a `when` block: every matcher in it must hold. */
import type { Compiled } from "../../../faults/fault.ts";
import type { Matcher } from "../../rule.ts";
import type { MatcherSite } from "../matcher.ts";
import { readMapping, refuseStrangers } from "./mapping-reader.ts";

/** The matchers of one block, in the order of the registry. */
export function compileWhen(value: unknown, site: MatcherSite): Compiled<readonly Matcher[]> {
  const reader = readMapping(value, "`when`");
  const known = site.matchers.map((kind) => kind.key);
  refuseStrangers(reader, known, (key) => (key.includes(".") ? `body fields belong under \`body\`: \`body: {${key}: …}\`` : undefined));
  const matchers: Matcher[] = [];
  for (const kind of site.matchers) {
    if (!reader.has(kind.key)) continue;
    const compiled = kind.compile(reader.source[kind.key], site);
    if (compiled.kind === "ok") matchers.push(compiled.value);
    else reader.failInside([kind.key], compiled.mistakes);
  }
  if (Object.keys(reader.source).length === 0 && reader.mistakes.length === 0) {
    reader.fail({
      path: [],
      message: "the condition is empty",
      remedy: `remove it, or add ${known.map((key) => `\`${key}\``).join(", ")}`,
    });
  }
  return reader.mistakes.length > 0 ? { kind: "bad", mistakes: reader.mistakes } : { kind: "ok", value: matchers };
}
