/** Bounds on an outgoing request of node:http, whose own timeout begins only when the connection stands. */
import type { ClientRequest } from "node:http";

export interface Deadlines {
  /** Longest wait for the connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Longest silence of the other side once connected, in milliseconds. */
  readonly timeoutMs: number;
}

/** Destroys `request` with an ETIMEDOUT error when either is passed. To be called when its socket is known (`socket` event), or before. */
export function setDeadlines(request: ClientRequest, { connectTimeoutMs, timeoutMs }: Deadlines): void {
  request.setTimeout(timeoutMs, () => request.destroy(timeoutError(`the gateway was silent for ${timeoutMs} ms`)));
  const timer = setTimeout(
    () => request.destroy(timeoutError(`no connection to the gateway within ${connectTimeoutMs} ms`)),
    connectTimeoutMs,
  );
  const settle = (): void => clearTimeout(timer);
  request.once("close", settle).once("response", settle).once("upgrade", settle);
  const { socket } = request;
  if (socket === null) request.once("socket", (late) => (late.connecting ? late.once("connect", settle) : settle()));
  else if (socket.connecting) socket.once("connect", settle);
  else settle();
}

/** An error as the system gives it. */
export function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
