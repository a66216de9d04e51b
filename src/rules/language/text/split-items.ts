/** Splits a rules file into its rules before YAML parsing, so that a large file can be parsed in slices and one rule can be parsed again separately. */

/** One rule's text and its offset in the file. */
export interface ItemText {
  readonly offset: number;
  readonly text: string;
}

const HEAD = /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*rules:[ \t]*(?:#[^\n]*)?\r?\n/;

/**
 * The items of the list under `rules:`. Undefined for any other layout (flow style, further keys or documents), which
 * must be parsed as a whole. This is correct because YAML requires an item's content to be indented deeper than its dash.
 */
export function splitItems(text: string): readonly ItemText[] | undefined {
  const start = HEAD.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const dashes = dashesFrom(text, start);
  return dashes?.map((offset, index) => ({ offset, text: text.slice(offset, dashes[index + 1] ?? text.length) }));
}

function dashesFrom(text: string, start: number): number[] | undefined {
  const dashes: number[] = [];
  let indent = -1;
  for (let line = start; line < text.length; line = nextLine(text, line)) {
    const first = firstInk(text, line);
    if (isBlank(text, first)) continue;
    if (indent < 0) indent = first - line;
    if (first - line > indent) continue;
    if (first - line < indent || !isDash(text, first)) return undefined;
    dashes.push(line);
  }
  return dashes;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

function firstInk(text: string, line: number): number {
  let at = line;
  while (text.charCodeAt(at) === 0x20) at += 1;
  return at;
}

function isBlank(text: string, at: number): boolean {
  const sign = text[at];
  return sign === undefined || sign === "\n" || sign === "#" || (sign === "\r" && text[at + 1] === "\n");
}

function isDash(text: string, at: number): boolean {
  const after = text[at + 1];
  return text[at] === "-" && (after === " " || after === "\n" || after === "\r" || after === undefined);
}
