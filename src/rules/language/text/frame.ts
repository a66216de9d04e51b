/** Converts an offset in a text to line, column and a code frame. */
import { createLineFinder } from "./line-finder.ts";

export interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly frame: string;
}

const AROUND = 2;
const WIDTH = 120;

/** The place of `offset` in `text`; the caret spans `length` characters, but at most the line. */
export function placeAt(text: string, offset: number, length: number): Place {
  return createPlaces(text)(offset, length);
}

/** The same for several places of one text, which is walked once for all of them. */
export function createPlaces(text: string): (offset: number, length: number) => Place {
  const positionOf = createLineFinder(text);
  return (offset, length) => {
    const at = Math.min(Math.max(offset, 0), text.length);
    const { line, column } = positionOf(at);
    return { line, column, frame: frameOf(linesAround(text, at - column + 1, line), { line, column, length }) };
  };
}

interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

function linesAround(text: string, lineStart: number, line: number): NumberedLine[] {
  const lines: NumberedLine[] = [];
  let start = lineStart;
  let number = line;
  while (number > Math.max(1, line - AROUND)) {
    start = start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
    number -= 1;
  }
  for (; number <= line + AROUND && start < text.length; number += 1) {
    const end = text.indexOf("\n", start);
    lines.push({ number, text: text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "") });
    start = end < 0 ? text.length : end + 1;
  }
  return lines.length === 0 ? [{ number: line, text: "" }] : lines;
}

function frameOf(lines: readonly NumberedLine[], at: { line: number; column: number; length: number }): string {
  const gutter = String(lines.at(-1)?.number ?? at.line).length;
  const shift = at.column > WIDTH - 20 ? at.column - 40 : 0;
  return lines
    .flatMap(({ number, text }) => {
      const shown = text.slice(shift, shift + WIDTH);
      const head = `${number === at.line ? ">" : " "} ${String(number).padStart(gutter)} | `;
      if (number !== at.line) return [`${head}${shown}`.trimEnd()];
      return [`${head}${shown}`.trimEnd(), `  ${" ".repeat(gutter)} | ${caret(shown, at.column - 1 - shift, at.length)}`];
    })
    .join("\n");
}

function caret(shown: string, from: number, length: number): string {
  const lead = shown.slice(0, from).replaceAll(/[^\t]/g, " ").padEnd(from);
  const end = Math.min(shown.trimEnd().length, from + length);
  return lead + "^".repeat(Math.max(1, end - from));
}
