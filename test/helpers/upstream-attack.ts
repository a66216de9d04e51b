/** A proxy before an origin that misbehaves on the raw wire, and the calls that reach it by each lane. */
import { connect, type Socket } from "node:net";
import type { Test } from "tap";
import type { ProxyOptions } from "../../src/app/proxy-options.ts";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import { type RawOrigin, startRawOrigin } from "./raw-origin.ts";

export const OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi";

/** The lanes that read an answer: a small body is exchanged, a large one streamed, an upgrade carried. */
export const LANES = ["exchange", "stream", "upgrade"] as const;

export type Lane = (typeof LANES)[number];

const PATH = "/ams/sandbox/api/v1/payments/pay";

/** The bytes of a sandbox call that takes this lane of a proxy with `maxBodyBytes: 100`. */
export function requestOf(lane: Lane, lines: readonly string[] = [], method = "POST"): string {
  const body = lane === "stream" ? "x".repeat(200) : lane === "exchange" && method === "POST" ? "{}" : "";
  const own = lane === "upgrade" ? ["Upgrade: websocket", "Connection: Upgrade"] : ["Connection: close", `Content-Length: ${body.length}`];
  const head = [`${lane === "upgrade" ? "GET" : method} ${PATH} HTTP/1.1`, "Host: a", "client-id: SANDBOX_1", ...own, ...lines];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** A proxy whose every call of more than 100 bytes is streamed. */
export async function startBefore(t: Test, upstream: string, options: ProxyOptions = {}): Promise<RunningProxy> {
  const proxy = await startProxy({ upstream, maxBodyBytes: 100, ...options });
  t.teardown(() => proxy.stop());
  return proxy;
}

/** An origin that is closed after the test; `answer` as startRawOrigin takes it. */
export async function originOf(t: Test, answer: (text: string) => string | undefined): Promise<RawOrigin> {
  const origin = await startRawOrigin(answer);
  t.teardown(() => origin.close());
  return origin;
}

/** Sends `text` and gives the connection, with all that came on it so far. */
export function dialProxy(
  t: Test,
  proxy: RunningProxy,
  text: string,
): { readonly socket: Socket; received(): string; readonly closed: Promise<unknown> } {
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  let received = "";
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  socket.write(text, "latin1");
  t.teardown(() => void socket.destroy());
  return { socket, received: () => received, closed };
}

/** Everything that the proxy answers until it closes. */
export async function answerTo(t: Test, proxy: RunningProxy, text: string): Promise<string> {
  const client = dialProxy(t, proxy, text);
  await client.closed;
  return client.received();
}

/** Resolves once `holds`; false after ten seconds, for an assertion that then fails. */
export async function eventually(holds: () => boolean): Promise<boolean> {
  const untilMs = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
