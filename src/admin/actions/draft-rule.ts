/** A rule made of a call: the same API and, where the call has them, the same client and the same answer, for a person to change. */

import { stringify } from "yaml";
import { codesOf } from "../../antom/catalogue/result-codes.ts";
import { pathnameOf } from "../../http/pathname.ts";
import type { CallRecord } from "../../ports/ports.ts";
import { slug } from "../../rules/language/compile/slug.ts";
import type { Rule } from "../../rules/rule.ts";
import { freeName } from "./free-name.ts";

/** YAML of one rule whose name none of `rules` has. It answers with the call's own result code, or the operation's first failure where the call succeeded. */
export function draftRule(record: CallRecord, rules: readonly Rule[]): string {
  const { operation, clientId } = record.identity;
  const code = codeFor(record);
  const where = operation === undefined ? { path: pathnameOf(record.request.path) } : { api: operation };
  const rule = {
    name: freeName(slug(`${operation ?? "path"}-${code}`), rules),
    ...where,
    active: true,
    duration: "30m",
    ...(clientId === undefined ? {} : { when: { clientId } }),
    result: code,
  };
  return stringify(rule, { lineWidth: 0 });
}

function codeFor({ identity, resultCode }: CallRecord): string {
  if (resultCode !== undefined && resultCode !== "SUCCESS") return resultCode;
  const failures = identity.operation === undefined ? [] : codesOf(identity.operation).codes.filter((row) => row.status === "F");
  return failures[0]?.code ?? "PROCESS_FAIL";
}
