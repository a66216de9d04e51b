/** Reads a request's body up to a limit. */
import { headerValue } from "../http/headers.ts";
import type { Wire } from "./wire.ts";

/** What came of reading a body: all of it, the pieces read before it passed the limit, or nothing because the client went away. */
export type BodyRead =
  | { readonly kind: "whole"; readonly body: Buffer }
  | { readonly kind: "over-limit"; readonly prefix: readonly Buffer[] }
  | { readonly kind: "broken" };

const EMPTY: BodyRead = { kind: "whole", body: Buffer.alloc(0) };

/** Reads the body up to `limitBytes`; past that the stream is left paused, with the rest unread. */
export function readBody({ head, body, hasBody }: Wire, limitBytes: number): Promise<BodyRead> {
  if (!hasBody) return Promise.resolve(EMPTY);
  if (Number(headerValue(head.headers, "content-length") ?? 0) > limitBytes) return Promise.resolve({ kind: "over-limit", prefix: [] });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    const settle = (read: BodyRead): void => {
      body.off("data", onData).off("end", onEnd).off("close", onBroken).off("error", onBroken);
      resolve(read);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bodyBytes += chunk.length;
      if (bodyBytes <= limitBytes) return;
      body.pause();
      settle({ kind: "over-limit", prefix: chunks });
    };
    const onEnd = (): void => settle({ kind: "whole", body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
    const onBroken = (): void => settle({ kind: "broken" });
    body.on("data", onData).on("end", onEnd).on("close", onBroken).on("error", onBroken);
  });
}
