/** A call to the stand-in and its answer as JSON values: no sockets, no signatures. */

/** A call whose headers and signature are in order and whose body is a JSON object. */
export interface Call {
  /** The operation's name in the catalogue: `pay`. */
  readonly operation: string;
  /** Empty for meter.uploadEvent, which has none. */
  readonly clientId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

/** `result` as it stands in an answer's body. */
export interface ReplyResult {
  readonly resultCode: string;
  readonly resultStatus: "S" | "F" | "U";
  readonly resultMessage: string;
}

/** An answer's body before it becomes JSON; fields that are undefined are left out of it. */
export interface Reply {
  readonly result: ReplyResult;
  readonly [field: string]: unknown;
}
