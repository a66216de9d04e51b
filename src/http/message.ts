/** HTTP messages as plain values, used by all modules instead of sockets and streams. */

/** Header lines as on the wire, flat (name, value, name, value …); case, order and repetition are kept. */
export type RawHeaders = readonly string[];

/** A request without its body: everything known before the first body byte is read. */
export interface RequestHead {
  readonly method: string;
  /** The request target exactly as received: origin form (`/path?query`), absolute form or authority form. */
  readonly target: string;
  /** Path and query as the client wrote (and signed) them: `target` without scheme and authority; never normalised. */
  readonly path: string;
  /** The requested `host[:port]`, from an absolute-form target or else the Host header. */
  readonly authority: string | undefined;
  readonly headers: RawHeaders;
}

/** A whole request; `body` holds the bytes as received (no transfer coding, content coding untouched). */
export interface HttpRequest extends RequestHead {
  readonly body: Buffer;
}

/** A whole answer; `body` holds the bytes to send (no transfer coding, content coding untouched). */
export interface HttpResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Buffer;
}
