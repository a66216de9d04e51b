/** Who has called so far, by which way, and what is wrong with it. */
import type { JSX } from "preact";
import type { ConnectAnswer } from "../../admin/api/views/answers.ts";
import { clockTime } from "../format.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { withCode } from "../parts/problems-banner.tsx";
import { known, type Loaded } from "../parts/use-loaded.ts";

type Arrival = ConnectAnswer["arrivals"][number];

interface ArrivalsProps {
  readonly loaded: Loaded<ConnectAnswer>;
  readonly onRetry: () => void;
}

export function ArrivalsTable({ loaded, onRetry }: ArrivalsProps): JSX.Element {
  const arrivals = known(loaded)?.arrivals;
  return (
    <section class="card" aria-labelledby="arrivals-title">
      <h1 id="arrivals-title">What arrived so far</h1>
      <LoadedNote what="What arrived so far" verb="is" loaded={loaded} onRetry={onRetry} />
      {arrivals?.length === 0 && (
        <p class="empty-note">Nothing yet. A call that reaches this proxy shows here at once, also one that is refused.</p>
      )}
      <ul class="arrivals">
        {arrivals?.map((arrival) => (
          <ArrivalItem key={`${arrival.way} ${arrival.clientId} ${arrival.userAgent}`} arrival={arrival} />
        ))}
      </ul>
    </section>
  );
}

function ArrivalItem({ arrival }: { readonly arrival: Arrival }): JSX.Element {
  return (
    <li>
      <p>
        <b>{arrival.userAgent ?? "a program without a name"}</b> by <b>{arrival.way}</b>, client id{" "}
        <code>{arrival.clientId ?? "none"}</code>
      </p>
      <p class="faint">
        {arrival.calls.toLocaleString("en")} kept, last at {clockTime(arrival.lastAtMs)}: {arrival.operations.join(", ")}
      </p>
      {arrival.trouble.length === 0 ? (
        <p class="fine">in order</p>
      ) : (
        arrival.trouble.map((trouble) => (
          <p key={trouble} class="trouble">
            {withCode(trouble)}
          </p>
        ))
      )}
    </li>
  );
}
