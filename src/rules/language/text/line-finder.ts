/** Lines and columns of offsets in a text, by yaml's LineCounter: for rules that are read without parsing the whole file. */
import { LineCounter } from "yaml";

/** A function from an offset to its 1-based line and column (UTF-16 units); it walks the text only as far as it was asked about. */
export function createLineFinder(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const lines = new LineCounter();
  lines.addNewLine(0);
  let next = text.indexOf("\n") + 1;
  return (offset) => {
    while (next > 0 && next <= offset) {
      lines.addNewLine(next);
      next = text.indexOf("\n", next) + 1;
    }
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}
