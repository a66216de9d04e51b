/** The parameters of a call, read by a schema; the first that is missing or wrong is named as Antom names it, by its dotted path. */
import { z } from "zod";
import type { Call, Reply } from "./call.ts";
import { reply } from "./reply.ts";

export type ReadBody<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "refused"; readonly reply: Reply };

/** The call's body as `schema` reads it, or the PARAM_ILLEGAL answer. */
export function readBody<T>(schema: z.ZodType<T>, call: Call): ReadBody<T> {
  const read = schema.safeParse(call.body);
  if (read.success) return { kind: "ok", value: read.data };
  const issue = read.error.issues[0];
  return { kind: "refused", reply: illegal(call, issue?.path.join(".") ?? "", issue?.message ?? "is not valid") };
}

/** PARAM_ILLEGAL for one parameter; `message` goes on from its name: `is required`. */
export function illegal(call: Call, parameter: string, message: string): Reply {
  return reply(call, "PARAM_ILLEGAL", {}, `\`${parameter}\` ${message}.`);
}

/** An id that the merchant chose or was given: 1 to 64 characters. */
export const idText: z.ZodString = text(64);

/** Required text of at most `longest` characters. */
export function text(longest: number): z.ZodString {
  return z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .min(1, "must not be empty")
    .max(longest, `is longer than ${longest} characters`);
}

/** An object of these parameters; others are left unread. */
export function group<T extends z.ZodRawShape>(shape: T): z.ZodObject<T> {
  return z.object(shape, { error: (issue) => (issue.input === undefined ? "is required" : "must be an object") });
}

/** Money: `{"currency":"USD","value":"1050"}`. */
export const amount: z.ZodObject<{ currency: z.ZodString; value: z.ZodString }> = group({
  currency: text(3).regex(/^[A-Z]{3}$/, "must be three capital letters (ISO 4217)"),
  value: text(16).regex(/^[1-9]\d*$/, "must be a string of digits: a whole number, above 0, of the currency's smallest unit"),
});

/** `captureMode` of a payment factor. */
export const captureMode: z.ZodEnum<{ AUTOMATIC: "AUTOMATIC"; MANUAL: "MANUAL" }> = z.enum(
  ["AUTOMATIC", "MANUAL"],
  "must be `AUTOMATIC` or `MANUAL`",
);

/** A yes or no: the pages ask for `"true"`, some SDKs send `true`. */
export const flag: z.ZodUnion<[z.ZodBoolean, z.ZodEnum<{ true: "true"; false: "false" }>]> = z.union(
  [z.boolean(), z.enum(["true", "false"])],
  "must be true or false",
);

/** Whether a flag is there and says yes. */
export function isSet(value: boolean | "true" | "false" | undefined): boolean {
  return value === true || value === "true";
}
