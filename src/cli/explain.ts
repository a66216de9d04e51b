/** The output of `explain`: for each rule why it did or did not act. */
import type { Explanation } from "../rules/select/explain.ts";

const MARKS: Readonly<Record<Explanation["verdict"], string>> = { acts: "✔", shadowed: "◦", passes: "✘" };

/** One paragraph per rule, in file order; `json` prints the list itself. */
export function explainText(explanations: readonly Explanation[], format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(explanations, null, 2)}\n`;
  if (explanations.length === 0) return "there are no rules: the call is forwarded\n";
  const lines = explanations.map(
    ({ verdict, rule, file, line, because }) => `${MARKS[verdict]} ${rule}  (${file}:${line})\n    ${because}\n`,
  );
  const end = explanations.some((one) => one.verdict === "acts") ? "" : "no rule acts: the call is forwarded\n";
  return lines.join("") + end;
}
