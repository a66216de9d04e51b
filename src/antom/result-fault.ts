/** The fault `result`: answers with one of the gateway's result codes, as described on Antom's page "Error scenario simulation". */

import { z } from "zod";
import {
  type Compiled,
  defineFault,
  type Effect,
  type Fault,
  type FaultContext,
  type FaultKind,
  type Mistake,
  type RuleSite,
} from "../faults/fault.ts";
import { keyed } from "../faults/mistakes.ts";
import { dropHeaders, nameSet } from "../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../http/message.ts";
import { pathnameOf } from "../http/pathname.ts";
import { jsonAnswer, type Result, type ResultStatus, resultBody } from "./answer.ts";
import { type AcceptedResult, checkResult } from "./catalogue/check-result.ts";
import { operationAtPath } from "./catalogue/operations.ts";
import { codesOfField, messageOf, type ResultCode } from "./catalogue/result-codes.ts";

const code = z.string().min(1, "a result code is needed").max(64, "a result code has 64 characters at most");

const written = z.union([
  code.describe("a result code: status and message come from the catalogue"),
  keyed({
    code,
    status: z.enum(["S", "F", "U"]).optional().describe("S success, F final failure, U unknown or in process"),
    message: z.string().max(256).optional(),
    fields: z.record(z.string(), z.unknown()).optional().describe("extra fields of the answer's body, beside `result`"),
  }).describe("a result code with its own status, message or body fields"),
]);

const ABOUT_THE_BODY = nameSet(["content-type", "content-length", "content-encoding", "etag", "content-md5", "digest"]);

interface Wanted {
  readonly code: string;
  readonly status: ResultStatus | undefined;
  readonly message: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Answers with a result code. Official SDKs accept the answer as Antom's own, because it is signed with a valid signature. */
export const resultFault: FaultKind = defineFault({
  key: "result",
  schema: written,
  compile(value, site) {
    const short = typeof value === "string";
    const wanted: Wanted = short
      ? { code: value, status: undefined, message: undefined, fields: {} }
      : { code: value.code, status: value.status, message: value.message, fields: value.fields ?? {} };
    return compileResult(wanted, short ? [] : ["code"], site);
  },
});

function compileResult(wanted: Wanted, codePath: readonly string[], site: RuleSite): Compiled<Fault> {
  const accepted = checkResult(site.operations, wanted.code, site.allowUnknown);
  if (accepted.kind === "refused")
    return { kind: "bad", mistakes: [{ path: codePath, message: accepted.message, remedy: accepted.remedy }] };
  const mistakes = [...findUnstated(wanted, codePath, accepted), ...(site.allowUnknown ? [] : findWrongFields(wanted, site))];
  if (mistakes.length > 0) return { kind: "bad", mistakes };
  return { kind: "ok", value: createFault(wanted, accepted, site) };
}

function findUnstated(wanted: Wanted, codePath: readonly string[], accepted: AcceptedResult): Mistake[] {
  return accepted.mustState
    .filter((part) => wanted[part] === undefined)
    .map((part) => ({
      path: codePath,
      message: `the catalogue has no ${part} for \`${wanted.code}\` here`,
      remedy: `state it: \`result: {code: ${wanted.code}, status: …, message: …}\``,
    }));
}

/** Checks fields such as `paymentResultCode`, which have their own tables. */
function findWrongFields(wanted: Wanted, site: RuleSite): Mistake[] {
  return (site.operations ?? []).flatMap((operation) =>
    Object.entries(wanted.fields).flatMap(([field, value]) => {
      const list = codesOfField(operation, field);
      if (list === undefined || list.known !== "full" || list.codes.some((row) => row.code === value)) return [];
      const remedy = `\`antom-fault-proxy codes ${operation}\` lists its values; \`allowUnknown: true\` lets any through`;
      return [{ path: ["fields", field], message: `\`${String(value)}\` is not a \`${field}\` of \`${operation}\``, remedy }];
    }),
  );
}

function createFault(wanted: Wanted, accepted: AcceptedResult, site: RuleSite): Fault {
  const bodies = new Map<string | undefined, Buffer>();
  // One Buffer per operation: the signer caches signatures by Buffer.
  const bodyFor = (operation: string | undefined): Buffer => {
    const body = bodies.get(operation) ?? resultBody(completeResult(wanted, accepted.rowFor(operation)), wanted.fields);
    bodies.set(operation, body);
    return body;
  };
  const { status } = completeResult(wanted, accepted.rowFor(site.operations?.[0]));
  return {
    kind: "result",
    answer: "makes",
    resultCode: wanted.code,
    summary: `answers \`${wanted.code}\` (${status})`,
    effects: ({ request }: FaultContext): Effect[] => {
      const body = bodyFor(operationAtPath(pathnameOf(request.path))?.name);
      return [{ kind: "make", signed: true, make: (theirHeaders) => overlay(theirHeaders, body) }];
    },
  };
}

/** The result to send: the rule's values, completed from the catalogue. */
function completeResult(wanted: Wanted, row: ResultCode | undefined): Result {
  const status = wanted.status ?? row?.status ?? "F";
  const message = wanted.message ?? messageOf(row ?? { code: wanted.code, message: undefined }).text;
  return { code: wanted.code, status, message };
}

/** The answer with the gateway's other headers if it was called; headers that describe the original body are removed. */
function overlay(theirHeaders: RawHeaders | undefined, body: Buffer): HttpResponse {
  const made = jsonAnswer(body);
  if (theirHeaders === undefined) return made;
  return { ...made, headers: [...dropHeaders(theirHeaders, ABOUT_THE_BODY), ...made.headers] };
}
