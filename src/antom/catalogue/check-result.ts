/** Validates the operation and the result code of a rule and suggests corrections. */
import { type Operation, operationNamed } from "./operations.ts";
import { codeFieldsOf, codesOf, codesOfField, operationsReturning, type ResultCode, resultCode } from "./result-codes.ts";
import { nearestCodes, nearestOperations } from "./suggest.ts";

/** Why a name is rejected; the text follows the style of Problem. */
export interface Refusal {
  readonly kind: "refused";
  readonly message: string;
  readonly remedy: string;
}

/** A value that the rule must supply because the catalogue lacks it. */
export type Stated = "status" | "message";

/** A code that a rule may use. */
export interface AcceptedResult {
  readonly kind: "ok";
  /** Empty: the catalogue supplies both status and message. */
  readonly mustState: readonly Stated[];
  /** The row for a call of that operation (undefined: a path unknown to the catalogue); undefined when only `allowUnknown` accepted the code. */
  readonly rowFor: (operation: string | undefined) => ResultCode | undefined;
}

/** Maximum number of APIs in one message. */
const NAMED = 4;
const ESCAPE = "`allowUnknown: true` with `status` and `message` lets any code through";

/** The operation of that name, or why it cannot be overridden. Case-sensitive. */
export function checkOperation(name: string): { readonly kind: "ok"; readonly operation: Operation } | Refusal {
  const operation = operationNamed(name);
  if (operation?.kind === "call") return { kind: "ok", operation };
  if (operation !== undefined || /^notify/i.test(name)) {
    return refuse(
      `\`${name}\` is a notification: Antom sends it to you, so it cannot be overridden`,
      "rules act on the calls that you make, such as `pay`",
    );
  }
  const near = nearestOperations(name, "call");
  const remedy = near.length === 0 ? "`antom-fault-proxy codes` lists all; `path:` matches any other path" : didYouMean(near);
  return refuse(`\`${name}\` is not an API of Antom`, remedy);
}

/**
 * Whether a rule for these operations may answer with `code`; each operation must be able to return it. Undefined operations mean any (`"*"` or
 * a path): every catalogued code is accepted, as for operations with an incomplete list. `allowUnknown` accepts any code; the rule must then
 * supply what the catalogue lacks. Unknown operation names are not checked here.
 */
export function checkResult(operations: readonly string[] | undefined, code: string, allowUnknown: boolean): AcceptedResult | Refusal {
  const asked: readonly (string | undefined)[] = operations === undefined || operations.length === 0 ? [undefined] : operations;
  const rows = asked.map((operation) => resultCode(operation, code));
  if (rows.includes(undefined) && !allowUnknown) return refuseCode(code, asked);
  return { kind: "ok", mustState: toState(rows), rowFor: (operation) => resultCode(operation, code) };
}

function toState(rows: readonly (ResultCode | undefined)[]): readonly Stated[] {
  if (rows.includes(undefined)) return ["status", "message"];
  return rows.some((row) => row?.status === undefined) ? ["status"] : [];
}

function refuseCode(code: string, asked: readonly (string | undefined)[]): Refusal {
  const strict = asked
    .filter((name) => name !== undefined)
    .filter((name) => codesOf(name).known === "full" && resultCode(name, code) === undefined);
  const near = nearestCodes(code, strict[0]);
  const fitting = near.filter((other) => asked.every((name) => resultCode(name, other) !== undefined));
  const meant = fitting.length > 0 ? fitting : near;
  const hints = [...(strict[0] === undefined ? [] : hintsFor(code, strict[0])), ESCAPE].join("; ");
  return refuse(
    `\`${code}\` is not a result code of ${strict.length === 0 ? "Antom" : listed(strict, "or")}`,
    meant.length === 0 ? hints : `${didYouMean(meant)} ${hints}`,
  );
}

function hintsFor(code: string, operation: string): string[] {
  const hints = [fieldHint(code, operation), elsewhere(code, operation), `\`antom-fault-proxy codes ${operation}\` lists its codes`];
  return hints.filter((hint) => hint !== undefined);
}

/** A hint for codes that describe the payment or refund in an answer's body instead of the call itself. */
function fieldHint(code: string, operation: string): string | undefined {
  const field = codeFieldsOf(operation).find((name) => codesOfField(operation, name)?.codes.some((row) => row.code === code));
  if (field === undefined || field.includes(".")) return undefined;
  return `\`${operation}\` reports it in \`${field}\`: answer \`{code: SUCCESS, fields: {${field}: ${code}}}\``;
}

/** The operations that return the code: first those of the same chapter of the documentation, then payments. */
function elsewhere(code: string, operation: string): string | undefined {
  const group = operationNamed(operation)?.group;
  const calls = operationsReturning(code).filter((call) => call.kind === "call");
  const ranked = [
    ...calls.filter((call) => call.group === group),
    ...calls.filter((call) => call.group !== group && call.group === "Payment"),
    ...calls.filter((call) => call.group !== group && call.group !== "Payment"),
  ].map((call) => call.name);
  if (ranked.length === 0) return undefined;
  if (ranked.length <= NAMED) return `it is returned by ${listed(ranked, "and")}`;
  return `it is returned by ${listed(ranked.slice(0, NAMED), ",")} and ${ranked.length - NAMED} more`;
}

function didYouMean(names: readonly string[]): string {
  return `did you mean ${listed(names, "or")}?`;
}

/** `a`, `a or b`, `a, b or c`, each in backquotes. */
function listed(names: readonly string[], last: "or" | "and" | ","): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2 || last === ",") return quoted.join(", ");
  return `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}

function refuse(message: string, remedy: string): Refusal {
  return { kind: "refused", message, remedy };
}
