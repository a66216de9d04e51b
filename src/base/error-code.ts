/** The system's code in an error of node:fs or node:net. */

/** `ENOENT`; for an error without a code its text. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
