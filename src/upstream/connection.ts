/** What the exchange lane asks of one connection to the gateway, whichever protocol it speaks. */

/** A request as it is sent: the connection adds the framing and, on HTTP/1.1, the Host line. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  /** Flat, without Host, framing and lines of one connection. */
  readonly headers: string[];
  readonly body: Buffer;
}

/** Is told of one answer, in undici's older form: the newer one makes an object of the header lines, at 1 to 4 % of a call, and shows the lines as written to nobody. */
export interface Collector {
  /** Right before the first byte of the request is written: without it, nothing was sent. */
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: readonly (Buffer | string)[]): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(): void;
  onError(error: Error): void;
}

/** One open connection; one call at a time. */
export interface Connection {
  /** Sends the request; errors go to the collector. */
  send(request: Outgoing, collector: Collector): void;
  /** To be called in the collector's `onConnect`. */
  expectAnswer(): void;
  /** Whether a further call may be sent: it is open, and the last request was sent whole. */
  isReusable(): boolean;
  /** Ends it, with what is on it. */
  destroy(): void;
  /** Calls `listener` once, when the connection has closed. */
  onClosed(listener: () => void): void;
}
