/** Detects a connection's protocol by its first bytes, which stay unread. */
import type { Socket } from "node:net";

export type Speech = "tls" | "http1" | "http2";

/** The record type of a TLS handshake (RFC 8446 §5.1); no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16;
/** The start of the connection preface of HTTP/2 without TLS (RFC 9113 §3.4); it is not a method. */
const HTTP2_PREFACE = "PRI";

/** The protocol that `bytes` begin; undefined while ambiguous. */
export function speechOf(bytes: Buffer): Speech | undefined {
  if (bytes[0] === TLS_HANDSHAKE) return "tls";
  const start = bytes.subarray(0, HTTP2_PREFACE.length).toString("latin1");
  if (start === HTTP2_PREFACE) return "http2";
  return HTTP2_PREFACE.startsWith(start) ? undefined : "http1";
}

/** Calls `onSpeech` once, with the socket paused and nothing consumed. A client that is silent for `timeoutMs`, or disconnects, is closed instead. */
export function sniff(socket: Socket, timeoutMs: number, onSpeech: (speech: Speech) => void): void {
  let seen: Buffer | undefined;
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const leave = (): void => {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onEnd).off("close", leave);
  };
  const onEnd = (): void => {
    leave();
    socket.destroy();
  };
  const onData = (chunk: Buffer): void => {
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk]);
    const speech = speechOf(seen);
    if (speech === undefined) return;
    leave();
    socket.pause();
    socket.unshift(seen);
    onSpeech(speech);
  };
  socket.on("data", onData).on("end", onEnd).on("close", leave);
}
