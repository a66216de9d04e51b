/** Builds unsigned answers in Antom's format: a JSON object with a `result`. */
import { memberText } from "../http/member-text.ts";
import type { HttpResponse } from "../http/message.ts";

const RESULT_CODE: readonly string[] = ["result", "resultCode"];

/** S success, F final failure, U unknown or in process. */
export type ResultStatus = "S" | "F" | "U";

export interface Result {
  readonly code: string;
  readonly status: ResultStatus;
  readonly message: string;
}

/** The body `{"result":{…}, …fields}` as bytes. */
export function resultBody(result: Result, fields: Readonly<Record<string, unknown>> = {}): Buffer {
  const { code, status, message } = result;
  return Buffer.from(JSON.stringify({ result: { resultCode: code, resultStatus: status, resultMessage: message }, ...fields }));
}

/** A JSON answer around `body`; business answers, F and U included, have HTTP status 200. */
export function jsonAnswer(body: Buffer, status = 200): HttpResponse {
  return { status, headers: ["content-type", "application/json; charset=UTF-8"], body };
}

/** `result.resultCode` of a JSON body; undefined when missing. */
export function resultCodeOf(body: Buffer): string | undefined {
  return memberText(body, RESULT_CODE);
}
