/** Which view is shown: the address's fragment says it, so that links and the back button work. */
import { useEffect, useState } from "preact/hooks";

export const views = ["simulate", "traffic", "connect"] as const;

export type View = (typeof views)[number];

/** The view, and what follows it in the fragment (`#traffic/call-id`). */
export interface Place {
  readonly view: View;
  readonly detail: string | undefined;
}

export function usePlace(): Place {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const follow = (): void => setPlace(readPlace());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return place;
}

/** Goes to a view. */
export function go(view: View, detail?: string): void {
  location.hash = detail === undefined ? view : `${view}/${encodeURIComponent(detail)}`;
}

function readPlace(): Place {
  const [name = "", detail] = location.hash.slice(1).split("/", 2);
  const view = views.find((one) => one === name) ?? "simulate";
  return { view, detail: detail === undefined || detail === "" ? undefined : decoded(detail) };
}

/** A broken escape sequence (`%`, `%zz`) stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
