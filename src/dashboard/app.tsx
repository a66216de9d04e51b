/** The page: a head with three views, the banner of a rejected rules file, and the view that is open. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { StatusAnswer } from "../admin/api/views/answers.ts";
import { client } from "./client.ts";
import { ConnectView } from "./connect/connect-view.tsx";
import { ProblemsBanner } from "./parts/problems-banner.tsx";
import { TroubleNote } from "./parts/trouble-note.tsx";
import { useAction } from "./parts/use-action.ts";
import { known, type Source, useLoaded } from "./parts/use-loaded.ts";
import { SimulateView } from "./simulate/simulate-view.tsx";
import { TrafficView } from "./traffic/traffic-view.tsx";
import { type Live, useLive } from "./use-live.ts";
import { type Place, usePlace, type View, views } from "./use-view.ts";

const TITLES: Readonly<Record<View, string>> = { simulate: "Simulate", traffic: "Traffic", connect: "Connect" };

export function App(): JSX.Element {
  const live = useLive();
  const place = usePlace();
  const status = useLoaded(client.status, { again: live.connection === "lost" });
  useEffect(() => {
    document.title = `${TITLES[place.view]} · antom-fault-proxy`;
    scrollTo(0, 0);
  }, [place.view]);
  const problems = known(live.rules)?.problems ?? [];
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to content
      </button>
      <Head live={live} place={place} status={status} />
      <main id="main" tabIndex={-1}>
        {problems.length > 0 && (
          <ProblemsBanner title="The rules files have mistakes; the last good rules stay in force" problems={problems} />
        )}
        <Opened live={live} place={place} status={status} />
      </main>
    </>
  );
}

interface PartProps {
  readonly live: Live;
  readonly place: Place;
  readonly status: Source<StatusAnswer>;
}

const CONNECTION: Readonly<Record<Live["connection"], string>> = {
  connecting: "Connecting…",
  live: "Live",
  lost: "Connection lost, trying again",
};

function Head({ live, place, status: { loaded } }: PartProps): JSX.Element {
  const status = known(loaded);
  return (
    <header class="head">
      <p class="brand">
        <img src="/icon.svg" alt="" width="20" height="20" /> antom-fault-proxy <span class="faint">{status?.version}</span>
      </p>
      <nav aria-label="Views">
        {views.map((view) => (
          <a key={view} href={`#${view}`} aria-current={view === place.view ? "page" : undefined}>
            {TITLES[view]}
          </a>
        ))}
      </nav>
      <p class="connection" role="status">
        <span class={`dot ${live.connection}`} aria-hidden="true" />
        {CONNECTION[live.connection]}
        {loaded.kind === "unknown" && <span class="faint upstream"> · where it forwards to is unknown</span>}
        {status !== undefined && (
          <span class="faint upstream"> · forwards to {status.standIn ? "the stand-in sandbox" : status.upstream}</span>
        )}
      </p>
      {status?.asksForToken === true && <LogOut />}
    </header>
  );
}

function LogOut(): JSX.Element {
  const action = useAction();
  return (
    <>
      <button type="button" disabled={action.busy} onClick={() => void action.run(client.logOut)}>
        Log out
      </button>
      <TroubleNote trouble={action.trouble} />
    </>
  );
}

function Opened({ live, place, status }: PartProps): JSX.Element {
  if (place.view === "traffic") return <TrafficView live={live} opened={place.detail} />;
  if (place.view === "connect") return <ConnectView status={status} newest={live.calls[0]?.sequence} />;
  return <SimulateView live={live} rulesFile={known(status.loaded)?.rulesFile} />;
}

/** The fragment belongs to the views, so no link can do it. */
function focusMain(): void {
  document.getElementById("main")?.focus();
}
