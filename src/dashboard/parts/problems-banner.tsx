/** Mistakes in rules, each with its place, its remedy and the lines around it. */
import type { JSX } from "preact";
import type { ProblemView } from "../../admin/api/views/problem-view.ts";
import { CodeBlock } from "./code-block.tsx";

export function ProblemsBanner({ title, problems }: { readonly title: string; readonly problems: readonly ProblemView[] }): JSX.Element {
  return (
    <section class="banner" role="alert">
      <h2>{title}</h2>
      {problems.map((problem) => (
        <div key={`${placeOf(problem)} ${problem.message}`} class="problem">
          <p>
            <code>{placeOf(problem)}</code> {withCode(problem.message)}
            {problem.remedy !== undefined && <span class="remedy">{withCode(problem.remedy)}</span>}
          </p>
          {problem.frame !== undefined && <CodeBlock label={`lines around ${placeOf(problem)}`} text={problem.frame} />}
        </div>
      ))}
    </section>
  );
}

function placeOf({ file, line, column }: ProblemView): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** Text with its backquoted names as code. */
export function withCode(text: string): (string | JSX.Element)[] {
  return text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
