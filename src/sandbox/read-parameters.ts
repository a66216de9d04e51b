/** Parses the parameters of a call with a schema and reports all missing or invalid ones by dotted path, as Antom does. */
import { z } from "zod";
import type { Reply, SandboxCall } from "./call.ts";
import { listed, reply } from "./reply.ts";

export type ReadParameters<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "refused"; readonly reply: Reply };

/** The body parsed by `schema`, or a PARAM_ILLEGAL answer. */
export function readParameters<T>(schema: z.ZodType<T>, call: SandboxCall): ReadParameters<T> {
  const read = schema.safeParse(call.body);
  if (read.success) return { kind: "ok", value: read.data };
  return { kind: "refused", reply: reply(call, "PARAM_ILLEGAL", {}, described(read.error.issues)) };
}

/** One sentence for all parameters with the same error: `` `order.orderAmount.currency` and `paymentAmount.currency` are required. `` */
function described(issues: readonly z.core.$ZodIssue[]): string {
  const faults = new Map<string, string>();
  for (const { path, message } of issues) {
    const name = path.join(".");
    if (!faults.has(name)) faults.set(name, message);
  }
  const sentences = [...new Set(faults.values())].map((message) => {
    const names = [...faults].flatMap(([name, fault]) => (fault === message ? [name] : []));
    return `${listed(names)} ${names.length === 1 ? message : message.replace(/^is /, "are ")}.`;
  });
  return sentences.join(" ");
}

/** An id of 1 to 64 characters. */
export const idText: z.ZodString = text(64);

/** Required text of at most `longest` characters. */
export function text(longest: number): z.ZodString {
  return z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .min(1, "must not be empty")
    .max(longest, `is longer than ${longest} characters`);
}

/** An object of these parameters; unknown ones are ignored. A missing object is read as empty, so that the error names each parameter in it. */
export function group<T extends z.ZodRawShape>(shape: T): z.ZodPreprocess<z.ZodObject<T>> {
  return z.preprocess((value) => (value === undefined ? {} : value), z.object(shape, "must be an object"));
}

/** Money: `{"currency":"USD","value":"1050"}`. */
export const amount: z.ZodPreprocess<z.ZodObject<{ currency: z.ZodString; value: z.ZodString }>> = group({
  currency: text(3).regex(/^[A-Z]{3}$/, "must be three capital letters (ISO 4217)"),
  value: text(16).regex(/^[1-9]\d*$/, "must be a string of digits: a whole number, above 0, of the currency's smallest unit"),
});

/** `captureMode` of a payment factor. */
export const captureMode: z.ZodEnum<{ AUTOMATIC: "AUTOMATIC"; MANUAL: "MANUAL" }> = z.enum(
  ["AUTOMATIC", "MANUAL"],
  "must be `AUTOMATIC` or `MANUAL`",
);

/** A boolean: the documentation specifies `"true"`, some SDKs send `true`. */
export const flag: z.ZodUnion<[z.ZodBoolean, z.ZodEnum<{ true: "true"; false: "false" }>]> = z.union(
  [z.boolean(), z.enum(["true", "false"])],
  "must be true or false",
);

/** Whether a flag is present and true. */
export function isSet(value: boolean | "true" | "false" | undefined): boolean {
  return value === true || value === "true";
}
