/** Builds answers by result code, with status and message from the catalogue. */
import { messageOf, resultCode } from "../antom/catalogue/result-codes.ts";
import type { Reply, ReplyResult } from "./call.ts";

/** An answer with that code. `detail` is appended to the catalogue's message and describes the error in this call. */
export function reply(
  to: { readonly operation: string },
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
  detail?: string,
): Reply {
  return { result: resultOf(to.operation, code, detail), ...fields };
}

/** The result for `code` in an answer of `operation`. Throws for a code outside the catalogue (a bug of the stand-in). */
export function resultOf(operation: string, code: string, detail?: string): ReplyResult {
  const row = resultCode(operation, code);
  if (row?.status === undefined) throw new Error(`\`${code}\` has no row and status in the catalogue of \`${operation}\``);
  const message = messageOf(row).text;
  return { resultCode: code, resultStatus: row.status, resultMessage: detail === undefined ? message : `${message} ${detail}` };
}

/** Quotes and joins names for a sentence: `` `a`, `b` and `c` ``. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
