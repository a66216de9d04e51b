/** Calls to the stand-in and their answers as JSON values. */

/** A verified call whose body is a JSON object. */
export interface SandboxCall {
  /** The operation's name in the catalogue: `pay`. */
  readonly operation: string;
  /** Empty for meter.uploadEvent, which carries no client id. */
  readonly clientId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

/** The member `result` of an answer's body. */
export interface ReplyResult {
  readonly resultCode: string;
  readonly resultStatus: "S" | "F" | "U";
  readonly resultMessage: string;
}

/** The body of an answer before serialisation; undefined fields are omitted. */
export interface Reply {
  readonly result: ReplyResult;
  readonly [field: string]: unknown;
}
