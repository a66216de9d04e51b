/** Calls and changes of rules as they happen, as server-sent events. */
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "zod";
import type { ApiRoute } from "./define-route.ts";
import { createFeed, type Feed, type News } from "./feed.ts";
import { callSummary, summarize } from "./views/call-view.ts";

/** Events are sent this often at most. */
const TICK_MS = 200;
/** A comment this often keeps proxies between from closing a silent stream. */
const HEARTBEAT_TICKS = 75;

/** The data of a `calls` event. */
export const callsEvent = z
  .object({
    calls: z.array(callSummary).describe("oldest first"),
    dropped: z
      .int()
      .describe("calls left out since the last event because more came than can be shown; the list has them while they are kept"),
  })
  .meta({ id: "CallsEvent" });

export type CallsEvent = z.infer<typeof callsEvent>;

/** The stream ends when `ending` aborts: the server stops. */
export function liveRoute(ending: AbortSignal): ApiRoute {
  return {
    method: "GET",
    path: "/calls/stream",
    id: "streamCalls",
    summary:
      "Server-sent events: `calls` (new calls, some dropped where they come too fast) and `rules` (the rules or their windows changed: read them again)",
    params: undefined,
    query: undefined,
    body: undefined,
    answer: callsEvent,
    contentType: "text/event-stream",
    respond: (context, ports) =>
      context.req.raw.method === "HEAD"
        ? context.body(null, 200, { "content-type": "text/event-stream" })
        : streamSSE(context, (stream) => sendNews(stream, createFeed(ports), ending)),
  };
}

async function sendNews(stream: SSEStreamingApi, feed: Feed, ending: AbortSignal): Promise<void> {
  stream.onAbort(feed.end);
  await stream.writeSSE({ event: "hello", data: "{}" });
  for (let tick = 1; !(stream.aborted || stream.closed || ending.aborted); tick += 1) {
    // Each write waits until the client has room; meanwhile the feed drops.
    await sendOnce(stream, feed.take());
    if (tick % HEARTBEAT_TICKS === 0) await stream.write(": still here\n\n");
    await pause(TICK_MS, ending);
  }
  feed.end();
}

async function sendOnce(stream: SSEStreamingApi, { entries, dropped, rulesChanged }: News): Promise<void> {
  if (entries.length > 0) await stream.writeSSE({ event: "calls", data: JSON.stringify({ calls: entries.map(summarize), dropped }) });
  if (rulesChanged) await stream.writeSSE({ event: "rules", data: "{}" });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
