/** Hands events to a listener in order, many of them in slices: a reload may open thousands of windows. */

import { inSlices } from "../base/event-loop.ts";
import { callListener, type OnListenerError } from "../base/subscribers.ts";

/** So many events are delivered before other work may run. */
const AT_ONCE = 25;

export interface EventQueue<Event> {
  /** The first events are delivered at once, what is left in later turns of the event loop. */
  add(events: readonly Event[]): void;
  /** Delivers at once what is left. */
  flush(): void;
}

/** An empty queue; `onError` is told what the listener threw. */
export function createEventQueue<Event>(listener: (event: Event) => void, onError?: OnListenerError): EventQueue<Event> {
  const waiting = new Set<Event>();
  let delivering = false;
  function* deliverAll(): Generator<undefined, void> {
    let count = 0;
    for (const event of waiting) {
      waiting.delete(event);
      callListener(listener, event, onError);
      count += 1;
      if (count % AT_ONCE === 0) yield;
    }
    delivering = false;
  }
  return {
    add(events) {
      for (const event of events) waiting.add(event);
      if (delivering || waiting.size === 0) return;
      delivering = true;
      void inSlices(deliverAll());
    },
    flush() {
      for (const event of waiting) callListener(listener, event, onError);
      waiting.clear();
    },
  };
}
