/** Reads a request's body up to a limit. */
import { headerValue } from "../../http/headers.ts";
import type { BodyRead } from "../../proxy/transport.ts";
import type { Wire } from "./wire.ts";

const EMPTY: BodyRead = { kind: "whole", body: Buffer.alloc(0) };

/** Reads the body up to `limitBytes`; past that the stream is left paused, with the rest unread. */
export function readBody({ head, body, hasBody }: Wire, limitBytes: number): Promise<BodyRead> {
  if (!hasBody) return Promise.resolve(EMPTY);
  if (Number(headerValue(head.headers, "content-length") ?? 0) > limitBytes) return Promise.resolve({ kind: "over-limit", prefix: [] });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bodyBytes += chunk.length;
      if (bodyBytes <= limitBytes) return;
      body.pause();
      // The stream lane reads on. Otherwise the listeners stay: taking off each costs more than leaving it to what was settled first.
      body.off("data", onData);
      resolve({ kind: "over-limit", prefix: chunks });
    };
    const onBroken = (): void => resolve({ kind: "broken" });
    body.on("data", onData);
    body.on("end", () => resolve({ kind: "whole", body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }));
    body.on("close", onBroken).on("error", onBroken);
  });
}
