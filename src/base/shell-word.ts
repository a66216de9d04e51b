/** The one way in which anything printed for a shell is quoted. */

/**
 * `text` as one word for a POSIX shell, bash or zsh: it stands for exactly that text, whatever characters are in it. NUL, which no argument can hold, is
 * left out.
 */
export function shellWord(text: string): string {
  // zsh expands a word that begins with `=`, a shell takes one with `~` for a home folder.
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(text)) return text;
  return `'${text.replaceAll("\0", "").replaceAll("'", "'\\''")}'`;
}
