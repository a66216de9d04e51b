/** Which APIs a search means, and their order: those whose name begins with it first, then by group. Pure. */
import type { OperationsAnswer } from "../../admin/api/views/answers.ts";

type Operations = OperationsAnswer["operations"];

/** In the order in which the list shows them: group by group. */
export function matching(operations: Operations, text: string): Operations {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operations.filter(({ name, group }) => words.every((word) => `${name} ${group}`.toLowerCase().includes(word)));
  const rank = (name: string): number => (name.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  const best = words.length === 0 ? found : [...found].sort((one, other) => rank(one.name) - rank(other.name));
  return groupsOf(best).flatMap((group) => group.operations);
}

/** Groups in order of first appearance. */
export function groupsOf(operations: Operations): { readonly group: string; readonly operations: Operations }[] {
  const groups = new Map<string, Operations>();
  for (const operation of operations) groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
  return [...groups].map(([group, members]) => ({ group, operations: members }));
}
