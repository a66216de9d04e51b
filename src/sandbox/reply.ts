/** Answers by result code: status and message come from the catalogue, so that the stand-in says what the tables say. */
import { messageOf, resultCode } from "../antom/catalogue/result-codes.ts";
import type { Reply, ReplyResult } from "./call.ts";

/** An answer with that code. `detail` is appended to the catalogue's message and says what is wrong with this very call. */
export function reply(
  to: { readonly operation: string },
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
  detail?: string,
): Reply {
  return { result: resultOf(to.operation, code, detail), ...fields };
}

/** The result of `code` as `operation` prints it. Throws for a code outside the catalogue, which is a bug of the stand-in. */
export function resultOf(operation: string, code: string, detail?: string): ReplyResult {
  const row = resultCode(operation, code);
  if (row?.status === undefined) throw new Error(`\`${code}\` has no row and status in the catalogue of \`${operation}\``);
  const message = messageOf(row).text;
  return { resultCode: code, resultStatus: row.status, resultMessage: detail === undefined ? message : `${message} ${detail}` };
}

/** Names for a sentence of a message: `` `a`, `b` and `c` ``. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
