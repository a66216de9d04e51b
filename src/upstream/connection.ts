/** The interface of a gateway connection for the exchange lane, independent of the protocol. */

/** A request to send; the connection adds the framing and, on HTTP/1.1, the Host line. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  /** Flat list, without Host, framing and connection-specific headers. */
  readonly headers: string[];
  readonly body: Buffer;
}

/** Receives one answer through undici's older handler interface: the newer one builds an object of the headers, at 1 to 4 % of a call's time, and does not provide the lines as sent. */
export interface Collector {
  /** Called before the first byte of the request is written; if it was never called, nothing was sent. */
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: readonly (Buffer | string)[]): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(): void;
  onError(error: Error): void;
}

/** One open connection; one call at a time. */
export interface Connection {
  /** Sends the request; errors are passed to the collector. */
  send(request: Outgoing, collector: Collector): void;
  /** Must be called in the collector's `onConnect`. */
  expectAnswer(): void;
  /** Whether another call may be sent: the connection is open, and the last request was sent completely. */
  isReusable(): boolean;
  /** Destroys the connection and any call on it. */
  destroy(): void;
  /** Calls `listener` once after the connection has closed. */
  onClosed(listener: () => void): void;
}
