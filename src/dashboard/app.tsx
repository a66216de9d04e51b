/** The page: a head with three views, the banner of a rejected rules file, and the view that is open. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StatusAnswer } from "../admin/api/views/answers.ts";
import { client } from "./client.ts";
import { ConnectView } from "./connect/connect-view.tsx";
import { ProblemsBanner } from "./parts/problems-banner.tsx";
import { SimulateView } from "./simulate/simulate-view.tsx";
import { TrafficView } from "./traffic/traffic-view.tsx";
import { type Live, useLive } from "./use-live.ts";
import { type Place, usePlace, type View, views } from "./use-view.ts";

const TITLES: Readonly<Record<View, string>> = { simulate: "Simulate", traffic: "Traffic", connect: "Connect" };

export function App(): JSX.Element {
  const live = useLive();
  const place = usePlace();
  const [status, setStatus] = useState<StatusAnswer | undefined>();
  useEffect(() => {
    client.status().then(setStatus, () => undefined);
  }, [live.connected]);
  useEffect(() => {
    document.title = `${TITLES[place.view]} · antom-fault-proxy`;
    scrollTo(0, 0);
  }, [place.view]);
  const problems = live.rules?.problems ?? [];
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
  readonly status: StatusAnswer | undefined;
}

function Head({ live, place, status }: PartProps): JSX.Element {
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
        <span class={live.connected ? "dot live" : "dot lost"} aria-hidden="true" />
        {live.connected ? "Live" : "Connection lost, trying again"}
        {status !== undefined && (
          <span class="faint upstream"> · forwards to {status.standIn ? "the stand-in sandbox" : status.upstream}</span>
        )}
      </p>
      {status?.asksForToken === true && (
        <button type="button" class="plain" onClick={() => void client.logOut()}>
          Log out
        </button>
      )}
    </header>
  );
}

function Opened({ live, place, status }: PartProps): JSX.Element {
  if (place.view === "traffic") return <TrafficView live={live} opened={place.detail} />;
  if (place.view === "connect") return <ConnectView status={status} newest={live.calls[0]?.sequence} />;
  return <SimulateView live={live} rulesFile={status?.rulesFile} />;
}

/** The fragment belongs to the views, so no link can do it. */
function focusMain(): void {
  document.getElementById("main")?.focus();
}
