/** Reads when and how often a rule acts, and checks that the values are consistent. */

import type { Activation } from "../../rule.ts";
import { RULE_SHAPES } from "./authored.ts";
import type { MappingReader } from "./mapping-reader.ts";

/** The activation of the rule under `reader` with defaults; mistakes are recorded there. */
export function readActivation(reader: MappingReader): Activation {
  const activation: Activation = {
    active: reader.read("active", RULE_SHAPES.active) ?? true,
    durationMs: reader.read("duration", RULE_SHAPES.duration),
    fromMs: reader.read("from", RULE_SHAPES.from),
    untilMs: reader.read("until", RULE_SHAPES.until),
    skip: reader.read("skip", RULE_SHAPES.skip) ?? 0,
    times: reader.read("times", RULE_SHAPES.times),
    probability: reader.read("probability", RULE_SHAPES.probability) ?? 1,
    per: reader.read("per", RULE_SHAPES.per),
  };
  const { fromMs, untilMs, per } = activation;
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    reader.fail({ path: ["until"], message: "`until` is not after `from`", remedy: "set a later time, or the rule never acts" });
  }
  if (per !== undefined && !["skip", "times", "probability", "steps"].some((key) => reader.has(key))) {
    reader.fail({
      path: ["per"],
      at: "key",
      message: "`per` has nothing to count",
      remedy: "add `times`, `skip`, `probability` or `steps`, or remove it",
    });
  }
  return activation;
}
