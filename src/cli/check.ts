/** The output of `check`: all problems in rules files, for people, programs or GitHub. */
import { describeProblem, type Problem } from "../base/problem.ts";
import type { Parsed } from "../rules/language/parse.ts";

export type CheckFormat = "text" | "json" | "github";

/** The text for standard output, and the exit code: 0 without problems, otherwise 1. */
export interface CheckReport {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** The report on `parsed`; `json` is one object, `github` one annotation per problem. */
export function checkText(parsed: Parsed, format: CheckFormat): CheckReport {
  const problems = parsed.kind === "bad" ? parsed.problems : [];
  const exitCode = parsed.kind === "ok" ? 0 : 1;
  switch (format) {
    case "text":
      return { text: plainText(parsed), exitCode };
    case "json":
      return {
        text: `${JSON.stringify({ ok: exitCode === 0, rules: parsed.kind === "ok" ? parsed.rules.rules.length : undefined, problems }, null, 2)}\n`,
        exitCode,
      };
    case "github":
      return { text: problems.map(annotation).join(""), exitCode };
    default:
      return format satisfies never;
  }
}

function plainText(parsed: Parsed): string {
  if (parsed.kind === "bad") {
    const count = parsed.problems.length === 1 ? "1 problem" : `${parsed.problems.length} problems`;
    return `${parsed.problems.map(describeProblem).join("\n\n")}\n\n${count}\n`;
  }
  const { rules } = parsed.rules;
  const active = rules.filter((rule) => rule.activation.active).length;
  return `${rules.length === 1 ? "1 rule" : `${rules.length} rules`}, ${active} active: no problems\n`;
}

/** A workflow command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, 2026-11. */
function annotation(problem: Problem): string {
  const place = [
    ["file", problem.file],
    ["line", problem.line],
    ["col", problem.column],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`]));
  const remedy = problem.remedy === undefined ? "" : `; ${problem.remedy}`;
  return `::error ${place.join(",")}::${escapeMessage(`${problem.message}${remedy}`)}\n`;
}

function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
