/** Rules files of any size for the measurements: all of them match nobody but the last one. */
import { operations } from "../../../src/antom/catalogue/operations.ts";
import { RESULT_CODE } from "../workload.ts";

/** Every call that a merchant can make. */
const NAMES: readonly string[] = operations.filter(({ kind }) => kind === "call").map(({ name }) => name);

/** `count` rules, spread over operations or all for `pay`; only the last one matches the benchmark's calls. `mark` goes into a comment and the names. */
export function rulesText(count: number, spread: "operations" | "pay", mark = ""): string {
  const rules = Array.from({ length: count - 1 }, (_, at) => {
    const operation = spread === "pay" ? "pay" : (NAMES[at % NAMES.length] ?? "pay");
    return `  - name: other-${mark}-${at}
    api: ${operation}
    active: true
    when:
      clientId: SANDBOX_OTHER_${at}
    delay: 1s
`;
  });
  const last = `  - name: bench\n    api: pay\n    active: true\n    result: ${RESULT_CODE}\n`;
  return `# ${mark}\nrules:\n${rules.join("")}${last}`;
}
