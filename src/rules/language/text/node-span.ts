/** Finds the place of a path in a parsed YAML document. */
import { isMap, isPair, isScalar, isSeq } from "yaml";
import type { Mistake } from "../../../faults/fault.ts";
import type { Span } from "./placed-mistake.ts";

/** The span of the value at `path` below `root` (of its key with `at: "key"`), or of its deepest existing ancestor. */
export function nodeSpan(root: unknown, path: Mistake["path"], at: Mistake["at"]): Span {
  let node = root;
  for (const [depth, part] of path.entries()) {
    const child = childOf(node, part);
    if (child === undefined) return spanOf(node);
    if (at === "key" && depth === path.length - 1) return spanOf(child.key ?? child.value);
    node = hasSpan(child.value) ? child.value : (child.key ?? node);
  }
  return spanOf(node);
}

function childOf(node: unknown, part: string | number): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof part === "number") {
    const value = node.items[part];
    return value === undefined ? undefined : { value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

/** For a mapping or list, the span of its first key or entry. */
function spanOf(node: unknown): Span {
  if (isMap(node) && !node.flow && node.items[0] !== undefined) return spanOf(node.items[0].key);
  if (isSeq(node) && !node.flow && hasSpan(node.items[0])) return spanOf(node.items[0]);
  const range = rangeOf(node);
  return range === undefined ? { offset: 0, length: 1 } : { offset: range[0], length: Math.max(1, range[1] - range[0]) };
}

function hasSpan(node: unknown): boolean {
  const range = rangeOf(node);
  return range !== undefined && range[1] > range[0];
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const [from, to] = node.range;
  return typeof from === "number" && typeof to === "number" ? [from, to] : undefined;
}
