/** The stream of server-sent events, opened again whenever it ends. */
import type { CallsEvent } from "../admin/api/live-route.ts";
import { streamUrl } from "./client.ts";

export interface StreamListener {
  /** The stream is open; events from now on are told. */
  readonly opened: () => void;
  /** The stream broke off; it is opened again without being asked to. */
  readonly lost: () => void;
  readonly calls: (event: CallsEvent) => void;
  readonly rules: () => void;
}

const RETRY_MS = 3000;

/** Opens the stream; returns how to close it for good. */
export function openStream(listener: StreamListener): () => void {
  let source: EventSource;
  let retry: number | undefined;
  const open = (): void => {
    source = new EventSource(streamUrl);
    source.addEventListener("hello", listener.opened);
    source.addEventListener("calls", (event) => listener.calls(JSON.parse(event.data)));
    source.addEventListener("rules", listener.rules);
    source.addEventListener("error", () => {
      listener.lost();
      // An EventSource goes on by itself after a broken connection, but not after an answer other than 200. Why it was
      // refused it cannot tell: a missing login shows when the status is asked for, which happens whenever the stream is lost.
      if (source.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY_MS);
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
