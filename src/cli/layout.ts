/** Wraps text into lines and rows into columns, for a terminal of fixed width. */

/** Wraps text at word boundaries into lines of at most `width` characters; a longer word gets its own line. Never empty. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A column of at most `maxWidth` characters; longer cells are wrapped. */
export interface Column {
  readonly title: string;
  readonly maxWidth: number;
}

/** A table with a title line, two spaces between columns, no trailing spaces. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map((column) => column.title);
  const widths = columns.map((column, at) =>
    Math.min(column.maxWidth, Math.max(...[titles, ...rows].map((row) => (row[at] ?? "").length))),
  );
  return [titles, ...rows].flatMap((row) => formatRow(row, widths));
}

function formatRow(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((width, at) => wrapText(row[at] ?? "", width));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, at) => (cell[line] ?? "").padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
