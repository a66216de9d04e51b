/** Quotes text for shells. */

/**
 * Quotes `text` as one word for a POSIX shell, bash or zsh, whatever characters it contains. NUL, which no argument can contain, is
 * removed.
 */
export function shellWord(text: string): string {
  // zsh expands a word that begins with `=`; shells expand `~` to a home folder.
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(text)) return text;
  return `'${text.replaceAll("\0", "").replaceAll("'", "'\\''")}'`;
}
