/** Makes text from callers safe for a terminal: escapes control characters and characters that reorder or break lines. */

/** Controls (C0, DEL, C1), bidirectional controls (Unicode UAX #9), line and paragraph separators, the byte order mark. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/gu;
const UNSAFE_IN_LINES = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/gu;

/** `text` on one line. */
export function oneLine(text: string): string {
  return text.replaceAll(UNSAFE, spell);
}

/** `text` with line feeds and tabs kept, such as a stack or a code frame. */
export function manyLines(text: string): string {
  return text.replaceAll(UNSAFE_IN_LINES, spell);
}

/** Escapes as in JSON, so that a JSON line stays valid. */
function spell(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
