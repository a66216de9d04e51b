/**
 * Reads a rule in the plainest layout without the YAML library: `key: word` lines, nested mappings, flat `{…}` and `[…]`. Whatever is not
 * surely the same in YAML 1.2 is left to the library, and so are all mistakes. Reading and compiling 1,000 rules takes 5.3 times the CPU
 * without it, 10,000 rules 3.2 times (2026-11-25). `rules/language/text/read-plain.test.ts` compares it with the library, and
 * `rules/text.test.ts` notices its removal.
 */

/** The mapping in `text` (one list item with its dash); undefined when its layout is not simple enough. */
export function readPlain(text: string): Readonly<Record<string, unknown>> | undefined {
  const lines = linesOf(text);
  if (lines === undefined) return undefined;
  const reader = { lines, next: 0 };
  const value = readBlock(reader, lines[0]?.indent ?? 0);
  return reader.next === lines.length ? value : undefined;
}

interface Line {
  readonly indent: number;
  readonly key: string;
  /** Empty: the more deeply indented lines belong to the key. */
  readonly value: string;
}

interface Reader {
  readonly lines: readonly Line[];
  next: number;
}

/** A key of more than 1,024 characters is a mistake in YAML. */
const LINE = /^( *)(- )?([A-Za-z][A-Za-z0-9._-]{0,199}):(?: +([^ #].*?))?(?: +#.*)?$/;
const BLANK = /^ *(?:#.*)?$/;
/** Words that the core schema does not read as text. */
const LOADED = /^(?:null|true|false)$/i;

/** Undefined when a line has another form, or a dash occurs after the first line. */
function linesOf(text: string): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (const source of text.split("\n")) {
    if (BLANK.test(source)) continue;
    const [, spaces = "", dash, key = "", value = ""] = LINE.exec(source) ?? [];
    if (key === "" || LOADED.test(key) || (dash !== undefined) !== (lines.length === 0)) return undefined;
    lines.push({ indent: spaces.length + (dash?.length ?? 0), key, value });
  }
  return lines.length === 0 ? undefined : lines;
}

function readBlock(reader: Reader, indent: number): Record<string, unknown> | undefined {
  const block: Record<string, unknown> = {};
  for (let line = reader.lines[reader.next]; line?.indent === indent; line = reader.lines[reader.next]) {
    reader.next += 1;
    const below = reader.lines[reader.next]?.indent ?? 0;
    const value = line.value !== "" ? readValue(line.value) : below > indent ? readBlock(reader, below) : undefined;
    if (value === undefined || Object.hasOwn(block, line.key)) return undefined;
    block[line.key] = value;
  }
  return block;
}

function readValue(text: string): unknown {
  const first = text[0];
  if (first === "{") return readFlowMapping(text);
  if (first === "[") return readFlowList(text);
  if (first === '"' || first === "'") return /^"[ !#-[\]-~]*"$|^'[ -&(-~]*'$/.test(text) ? text.slice(1, -1) : undefined;
  return readScalar(text);
}

function readScalar(text: string): string | number | boolean | undefined {
  if (text === "true") return true;
  if (text === "false") return false;
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (/^\d+(?:ms|[smhd])(?:\d+(?:ms|[smh]))*$/.test(text)) return text;
  return /^[A-Za-z/][A-Za-z0-9_./*-]*(?: [A-Za-z0-9_./()-]+)*$/.test(text) && !LOADED.test(text) ? text : undefined;
}

function readFlowList(text: string): readonly unknown[] | undefined {
  const inside = /^\[ ?([A-Za-z0-9_./, -]+?) ?\]$/.exec(text)?.[1];
  const values = inside?.split(", ").map(readScalar);
  return values?.includes(undefined) === true || inside?.includes(" ,") === true ? undefined : values;
}

function readFlowMapping(text: string): Readonly<Record<string, unknown>> | undefined {
  const inside = /^\{ ?([A-Za-z0-9_.:/, -]+?) ?\}$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const mapping: Record<string, unknown> = {};
  for (const pair of inside.split(", ")) {
    const [, key = "", value = ""] = /^([A-Za-z][A-Za-z0-9._-]{0,199}): ([^:,]+)$/.exec(pair) ?? [];
    const scalar = readScalar(value);
    if (scalar === undefined || LOADED.test(key) || Object.hasOwn(mapping, key)) return undefined;
    mapping[key] = scalar;
  }
  return mapping;
}
