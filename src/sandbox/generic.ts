/** Every catalogued operation that the stand-in does not act out: a success in the right shape, with ids echoed or made up. */
import { operationNamed } from "../antom/catalogue/operations.ts";
import { responseTime } from "../antom/times.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { reply } from "./reply.ts";

const SAMPLES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["status", "ACTIVE"],
  ["cardStatus", "ACTIVE"],
  ["paymentStatus", "SUCCESS"],
  ["refundStatus", "SUCCESS"],
  ["hasMore", false],
  ["cancelAtPeriodEnd", false],
  ["totalCount", "0"],
  ["totalPageNumber", "1"],
  ["pageNum", "1"],
  ["pageSize", "10"],
  ["currency", "USD"],
  ["maskedCardNo", "************1111"],
  ["cardBrand", "VISA"],
  ["metadata", {}],
  ["paginator", {}],
]);

/** What a field's name promises, for names without a sample. The first that fits wins. */
const SHAPES: readonly { readonly name: RegExp; readonly make: (call: Call, desk: Desk) => unknown }[] = [
  { name: /(?:Id|Token|Nonce|Key)$/, make: (call, desk) => desk.newId(call.nowMs) },
  { name: /(?:Time|At|Date)$/, make: (call) => responseTime(call.nowMs) },
  { name: /(?:Url|Link)$/, make: (call, desk) => desk.cashierUrl(desk.newId(call.nowMs)) },
  { name: /(?:Amount|Quota|Balance)$/, make: () => ({ currency: "USD", value: "100" }) },
  { name: /(?:List|Breakdown|Balances|Items|[a-z]s)$/, make: () => [] },
  { name: /(?:Method|Detail|Info|info|Office|Control)$/, make: () => ({}) },
];

/** Characters of JSON that a field of the request may have to come back in the answer. */
const LONGEST_ECHO = 1000;

/** SUCCESS with the operation's required fields, its ids, and every (short) response field that the request named; the same request id gets the same answer. */
export function generic(call: Call, desk: Desk): Reply {
  const operation = operationNamed(call.operation);
  const requestId = operation?.idempotencyField === undefined ? undefined : call.body[operation.idempotencyField];
  const make = (): Reply => reply(call, "SUCCESS", fieldsOf(call, desk));
  if (typeof requestId !== "string" || requestId === "") return make();
  return desk.answered.answer(call, { requestId, fingerprint: "" }, make);
}

function fieldsOf(call: Call, desk: Desk): Record<string, unknown> {
  const operation = operationNamed(call.operation);
  const required = new Set(operation?.requiredResponseFields ?? []);
  const fields: Record<string, unknown> = {};
  for (const name of new Set([...(operation?.responseFields ?? []), ...required])) {
    if (name === "result") continue;
    const echoed = call.body[name];
    if (isShort(echoed)) fields[name] = echoed;
    else if (required.has(name) || name.endsWith("Id")) fields[name] = plausible(name, call, desk);
  }
  return fields;
}

/** Present, and short enough to be kept with the answer. */
function isShort(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length <= LONGEST_ECHO;
}

function plausible(name: string, call: Call, desk: Desk): unknown {
  if (SAMPLES.has(name)) return SAMPLES.get(name);
  const shape = SHAPES.find((candidate) => candidate.name.test(name));
  return shape === undefined ? "STAND_IN" : shape.make(call, desk);
}
