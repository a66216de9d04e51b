/** Line numbers of ascending offsets, found by one walk through the text. */

/** A function from an offset to its 1-based line; cheap as long as the offsets ascend. */
export function createLineFinder(text: string): (offset: number) => number {
  let line = 1;
  let nextBreak = text.indexOf("\n");
  let last = 0;
  return (offset) => {
    if (offset < last) {
      line = 1;
      nextBreak = text.indexOf("\n");
    }
    last = offset;
    while (nextBreak >= 0 && nextBreak < offset) {
      line += 1;
      nextBreak = text.indexOf("\n", nextBreak + 1);
    }
    return line;
  };
}
