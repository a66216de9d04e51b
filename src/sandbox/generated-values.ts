/** Generates values for unset fields by field name: an id for `paymentId`, a time for `createdAt`. The caller knows the type. */
import { responseTime } from "../antom/times.ts";

/** The inputs of generated values. */
export interface Making {
  readonly nowMs: number;
  readonly newId: () => string;
  readonly newUrl: () => string;
}

const TEXTS: ReadonlyMap<string, string> = new Map([
  ["resultCode", "SUCCESS"],
  ["resultMessage", "success"],
  ["status", "ACTIVE"],
  ["cardStatus", "ACTIVE"],
  ["value", "100"],
  ["amount", "100"],
  ["total", "100"],
  ["method", "GET"],
  ["parameters", "{}"],
  ["nextCursor", ""],
  ["previousCursor", ""],
  ["errorCode", ""],
  ["errorMessage", ""],
  ["decision", "ACCEPT"],
  ["authenticationDecision", "ACCEPT"],
  ["cardNo", "4054695723100768"],
  ["maskedCardNo", "************0768"],
  ["mask", "************0768"],
  ["cardBrand", "VISA"],
  ["cardBin", "405469"],
  ["bin", "405469"],
  ["bins", "405469"],
  ["last4", "0768"],
  ["lastFour", "0768"],
  ["cvv", "123"],
  ["mcc", "5411"],
  ["paymentMethodType", "CARD"],
  ["funding", "CREDIT"],
  ["pageSize", "10"],
  ["dateOfBirth", "2000-01-01"],
]);

/** Generators by field name; the first match wins. */
const SHAPES: readonly { readonly name: RegExp; readonly make: (making: Making) => string }[] = [
  { name: /(?:Id|Token|Nonce|Key|ReferenceNo)$|^(?:token|arn|rrn|fingerprint)$/, make: ({ newId }) => newId() },
  { name: /(?:Time|At|Date|Start|End|From|By)$|^gmt/, make: ({ nowMs }) => responseTime(nowMs) },
  { name: /(?:Url|Link)$|^url$/, make: ({ newUrl }) => newUrl() },
  { name: /Month$/, make: () => "12" },
  { name: /Year$/, make: () => "2030" },
  { name: /[cC]urrency$|Currencies$/, make: () => "USD" },
  { name: /(?:[cC]ountry|[rR]egion)(?:Code)?$/, make: () => "US" },
  { name: /[eE]mail$/, make: () => "buyer@example.com" },
  { name: /Phone(?:No)?$|^phoneNo$/, make: () => "12025550123" },
  { name: /[lL]anguage$|Locales?$/, make: () => "en" },
  { name: /(?:[mM]etadata|[iI]nfo|ActionForm)$/, make: () => "{}" },
  { name: /(?:Amount|Quota|Balance|LimitMax)$/, make: () => "100" },
  { name: /(?:[rR]ate|Price)$/, make: () => "1" },
  { name: /(?:[qQ]uantity|[cC]ount|[nN]umber|Num|No|Off|[dD]uration|Interval)$/, make: () => "1" },
  { name: /Status$/, make: () => "SUCCESS" },
];

/** Text for a field of that name; `STAND_IN` when no pattern matches. */
export function plausibleText(name: string, making: Making): string {
  const text = TEXTS.get(name);
  if (text !== undefined) return text;
  return SHAPES.find((shape) => shape.name.test(name))?.make(making) ?? "STAND_IN";
}

/** A whole number for a field of that name: page sizes are 10, amounts 100, everything else 1. */
export function plausibleInteger(name: string): number {
  if (name === "pageSize") return 10;
  return /Amount$/.test(name) ? 100 : 1;
}

const TRUE_FLAGS: ReadonlySet<string> = new Set(["active", "enabled", "isPassed", "isAccountVerified"]);

/** False for `hasMore` and other fields that ask the caller to continue; true for fields that a success requires. */
export function plausibleFlag(name: string): boolean {
  return TRUE_FLAGS.has(name);
}

const PREFERRED: readonly string[] = ["SUCCESS", "ACTIVE", "ACCEPT", "CHECK_PASSED", "VISA", "CARD", "S"];

/** The enum value that reports success, or the first value. */
export function plausibleChoice(values: readonly string[]): string | undefined {
  return PREFERRED.find((value) => values.includes(value)) ?? values[0];
}
