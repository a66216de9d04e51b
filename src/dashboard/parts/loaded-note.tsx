/** Says that something is still loading, could not be read, or is older than it looks. */
import type { JSX } from "preact";
import { clockTime } from "../format.ts";
import { withCode } from "./problems-banner.tsx";
import type { Loaded } from "./use-loaded.ts";

interface NoteProps {
  /** What is asked for, as it begins a sentence: `The rules`. */
  readonly what: string;
  /** `is` for one thing. */
  readonly verb?: "are" | "is";
  readonly loaded: Loaded<unknown>;
  readonly onRetry: () => void;
}

/** Nothing where the thing is known and was read at the last try. */
export function LoadedNote({ what, verb = "are", loaded, onRetry }: NoteProps): JSX.Element | null {
  if (loaded.kind === "loading") return <p class="empty-note">Loading {lower(what)}…</p>;
  if (loaded.trouble === undefined) return null;
  const state = loaded.kind === "unknown" ? "unknown" : `as of ${clockTime(loaded.atMs).slice(0, 8)}`;
  return (
    <div class="trouble unread" role="alert">
      {what} {verb} {state}: {withCode(loaded.trouble.message)}{" "}
      <button type="button" class="quiet" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

function lower(what: string): string {
  return what.charAt(0).toLowerCase() + what.slice(1);
}
