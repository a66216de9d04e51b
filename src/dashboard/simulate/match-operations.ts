/** Which APIs a search means, and their order: the one of that name first, then those whose name begins with it, then the others, by group. Pure. */
import type { OperationsAnswer } from "../../admin/api/views/answers.ts";

type Operations = OperationsAnswer["operations"];

/** In the order in which the list shows them: group by group. */
export function matching(operations: Operations, text: string): Operations {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operations.filter(({ name, group }) => words.every((word) => `${name} ${group}`.toLowerCase().includes(word)));
  const rank = (name: string): number => rankOf(name.toLowerCase(), words[0] ?? "");
  const best = words.length === 0 ? found : [...found].sort((one, other) => rank(one.name) - rank(other.name));
  return groupsOf(best).flatMap((group) => group.operations);
}

function rankOf(name: string, word: string): number {
  if (name === word) return 0;
  return name.startsWith(word) ? 1 : 2;
}

/** Groups in order of first appearance. */
export function groupsOf(operations: Operations): { readonly group: string; readonly operations: Operations }[] {
  const groups = new Map<string, Operations>();
  for (const operation of operations) groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
  return [...groups].map(([group, members]) => ({ group, operations: members }));
}
