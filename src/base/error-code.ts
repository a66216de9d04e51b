/** The system's code in an error of node:fs or node:net. */

/** `ENOENT`; for an error without a code its message. */
export function errorCode(error: unknown): string {
  return codeOf(error) ?? String(error);
}

/** `ENOENT`; undefined for an error without a code. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
