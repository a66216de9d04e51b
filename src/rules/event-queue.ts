/** Delivers events to a listener in order; long queues are delivered in slices, because a reload may open thousands of windows. */

import { inSlices } from "../base/event-loop.ts";
import { callListener, type OnListenerError } from "../base/subscribers.ts";

/** Number of events delivered without a pause. */
const AT_ONCE = 25;

export interface EventQueue<Event> {
  /** Delivers the first events synchronously, the rest in later turns of the event loop. */
  add(events: readonly Event[]): void;
  /** Delivers all remaining events synchronously. */
  flush(): void;
}

/** Creates an empty queue; `onError` receives exceptions of the listener. */
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
