/** The admin server's token: made on first start, kept in a file that only its owner reads. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { errorCode } from "../../base/error-code.ts";
import { writeOnce } from "../../base/write-once.ts";

/** The token in `file`, which is made (0600, its folder 0700) when it is missing. Rejects when the file can be neither read nor made. */
export async function readOrMakeToken(file: string): Promise<string> {
  const kept = await readToken(file);
  if (kept !== undefined) return kept;
  const token = randomBytes(24).toString("base64url");
  // Of two programs that start at once, one makes it and the other reads it.
  const made = await writeOnce(file, `${token}\n`, 0o600).catch((error: unknown) => {
    throw new Error(`cannot write the admin token to \`${file}\``, { cause: error });
  });
  const other = made ? undefined : await readToken(file);
  if (!made && other === undefined) throw new Error(`the admin token in \`${file}\` is empty: delete the file and start again`);
  return other ?? token;
}

/** The first line; undefined when there is no file. */
async function readToken(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, "utf8");
    return text.trim() === "" ? undefined : text.trim();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new Error(`cannot read the admin token in \`${file}\``, { cause: error });
  }
}
