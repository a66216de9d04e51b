/** Converts a parsed YAML document to plain values in one pass, resolving aliases and merge keys, and detects mistakes that only the source text shows. */
import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { PlacedMistake } from "./placed-mistake.ts";
import { createSpellingCheck, type Place, placeBelow } from "./spelling.ts";

interface Anchored {
  readonly node: unknown;
  readonly value: unknown;
  readonly nodes: number;
}

/** The anchors of one file, in order of occurrence. */
export interface Anchors {
  readonly byName: Map<string, Anchored>;
  /** Number of nodes added by aliases so far. */
  added: number;
}

/** No anchors yet. */
export function noAnchors(): Anchors {
  return { byName: new Map(), added: 0 };
}

export interface Plain {
  readonly value: unknown;
  /** Their places are within the parsed text. */
  readonly mistakes: readonly PlacedMistake[];
  /** A key occurs twice, so the intended value is unknown. */
  readonly ambiguous: boolean;
}

/** Maximum number of nodes behind one alias, and behind all aliases of a file. */
const MOST_NODES_OF_ONE = 10_000;
const MOST_NODES_ADDED = 1_000_000;

interface Walk {
  readonly anchors: Anchors;
  readonly mistakes: PlacedMistake[];
  readonly spelling: ReturnType<typeof createSpellingCheck>;
  /** Number of nodes so far, including those behind aliases. */
  nodes: number;
  ambiguous: boolean;
}

/** The values of `contents`, which begin at `place` of a rules file; its anchors are added to `anchors`. */
export function toPlain(contents: unknown, place: Place, anchors: Anchors): Plain {
  const mistakes: PlacedMistake[] = [];
  const walk: Walk = { anchors, mistakes, spelling: createSpellingCheck(mistakes), nodes: 0, ambiguous: false };
  const value = plainOf(contents, place, walk);
  return { value, mistakes, ambiguous: walk.ambiguous };
}

function plainOf(node: unknown, place: Place, walk: Walk): unknown {
  if (isAlias(node)) return aliased(node, place, walk);
  const before = walk.nodes;
  walk.nodes += 1;
  const value = isMap(node) ? mappingOf(node, place, walk) : isSeq(node) ? listOf(node.items, place, walk) : scalarOf(node, place, walk);
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  if (anchor !== undefined) walk.anchors.byName.set(anchor, { node, value, nodes: walk.nodes - before });
  return value;
}

function scalarOf(node: unknown, place: Place, walk: Walk): unknown {
  if (!isScalar(node)) return node ?? null;
  walk.spelling.checkValue(node, place);
  return node.value;
}

function listOf(items: readonly unknown[], place: Place, walk: Walk): unknown[] {
  return items.map((item) => plainOf(item, place, walk));
}

function mappingOf(node: YAMLMap, place: Place, walk: Walk): Record<string, unknown> {
  if (walk.spelling.isTemplate(node)) return {};
  const entries = new Map<string, unknown>();
  const written = new Set<string>();
  for (const pair of node.items) {
    if (isMergeKey(pair)) {
      merge(mergedFrom(pair, place, walk), entries);
      continue;
    }
    const [name, value] = entryOf(pair, place, walk);
    if (written.has(name)) writtenTwice(pair, walk);
    written.add(name);
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

function writtenTwice({ key }: Pair, walk: Walk): void {
  walk.ambiguous = true;
  walk.mistakes.push({ span: spanOf(key), message: "this key is written twice", remedy: "keep one of them" });
}

/** Existing entries take precedence. */
function merge(from: readonly [string, unknown][], into: Map<string, unknown>): void {
  for (const [key, value] of from) if (!into.has(key)) into.set(key, value);
}

function entryOf({ key, value }: Pair, place: Place, walk: Walk): [string, unknown] {
  const name = isScalar(key) ? keyText(key) : String(plainOf(key, "free", walk));
  if (isScalar(key)) walk.spelling.checkKey(key, place);
  return [name, plainOf(value, placeBelow(place, name), walk)];
}

function keyText({ value }: Scalar): string {
  return value === null ? "" : String(value);
}

/** With `merge: true` the library represents a plain `<<` as a symbol. */
function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}

/** The entries of all merged mappings; the first of equal keys wins. */
function mergedFrom(pair: Pair, place: Place, walk: Walk): [string, unknown][] {
  const value = plainOf(pair.value, place, walk);
  const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (sources.every((one) => typeof one === "object" && one !== null && !Array.isArray(one)))
    return sources.flatMap((one) => Object.entries(one ?? {}));
  walk.mistakes.push({ span: spanOf(pair.key), message: "`<<` takes a mapping", remedy: "name an anchor that stands before a mapping" });
  return [];
}

function aliased(node: { readonly source: string; readonly range?: readonly number[] | null }, place: Place, walk: Walk): unknown {
  const found = walk.anchors.byName.get(node.source);
  const fail = (message: string, remedy: string): undefined => {
    walk.mistakes.push({ span: spanOf(node), message, remedy });
  };
  if (found === undefined) {
    const remedy = `put \`&${node.source}\` before a value further up, or put the text in quotes`;
    return fail(`the alias \`*${node.source}\` refers to no anchor before it`, remedy);
  }
  walk.nodes += found.nodes;
  walk.anchors.added += found.nodes;
  if (found.nodes > MOST_NODES_OF_ONE || walk.anchors.added > MOST_NODES_ADDED) {
    walk.anchors.added -= found.nodes;
    return fail(`the alias \`*${node.source}\` stands for too many values: aliases multiply`, "write the values out");
  }
  if (isScalar(found.node)) walk.spelling.checkAliased(found.node, { place, span: spanOf(node) });
  return found.value;
}

function spanOf(node: unknown): { offset: number; length: number } {
  const range = typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? node.range : [0, 1];
  const [from, to]: readonly unknown[] = range;
  const offset = typeof from === "number" ? from : 0;
  return { offset, length: Math.max(1, (typeof to === "number" ? to : offset) - offset) };
}
