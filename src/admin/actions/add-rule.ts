/** A rule typed or drafted on the page: its YAML is read, proven and written like any other edit. */
import { parseDocument } from "yaml";
import { parseRules } from "../../rules/language/parse.ts";
import type { AdminPorts } from "../ports.ts";
import type { EditTexts } from "./edit-texts.ts";
import { fail, ok, type Result } from "./result.ts";

type AddPorts = Pick<AdminPorts, "texts" | "kinds"> & { readonly edit: EditTexts };

/** Adds the rule, one mapping with or without the dash of a list, before all others. Its mistakes are placed in a file called `new rule`. */
export async function addRuleText(text: string, ports: AddPorts): Promise<Result<Record<string, never>>> {
  const yaml = mappingOf(text);
  const list = `rules:\n- ${yaml.replaceAll("\n", "\n  ")}\n`;
  const parsed = parseRules([{ file: "new rule", text: list }], ports.kinds);
  if (parsed.kind === "bad") return fail("unparsable", "the rule cannot be taken like this", parsed.problems);
  const rule: unknown = parseDocument(list, { merge: true }).toJS()?.rules?.[0];
  if (parsed.rules.rules.length !== 1 || typeof rule !== "object" || rule === null) return fail("invalid", "give one rule");
  const edited = await ports.edit([{ file: ports.texts.home, edit: { kind: "add", rule: { ...rule }, yaml } }]);
  return edited.kind === "ok" ? ok({}) : edited;
}

/** Without the dash, the indentation it brought, and blank lines around. */
function mappingOf(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const first = lines.findIndex((line) => /^\s*[^\s#]/.test(line));
  const mapping = lines.map((line, at) => (at === first ? line.replace(/^(\s*)- /, "$1  ") : line)).filter((_, at) => at >= first);
  const indent = Math.min(...mapping.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return mapping.map((line) => line.slice(indent)).join("\n");
}
