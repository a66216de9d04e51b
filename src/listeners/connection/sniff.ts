/** Tells by its first bytes what a connection speaks, and puts them back. */
import type { Socket } from "node:net";

export type Speech = "tls" | "http1" | "http2";

/** The record type of a TLS handshake (RFC 8446 §5.1); no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16;
/** How the connection preface of HTTP/2 without TLS begins (RFC 9113 §3.4); no method is called so. */
const HTTP2_PREFACE = "PRI";

/** What `bytes` begin; undefined while they could begin two things. */
export function speechOf(bytes: Buffer): Speech | undefined {
  if (bytes[0] === TLS_HANDSHAKE) return "tls";
  const start = bytes.subarray(0, HTTP2_PREFACE.length).toString("latin1");
  if (start === HTTP2_PREFACE) return "http2";
  return HTTP2_PREFACE.startsWith(start) ? undefined : "http1";
}

/** Calls `onSpeech` once, with the socket paused and nothing of it consumed. A client silent for `timeoutMs`, or gone, is closed instead. */
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
