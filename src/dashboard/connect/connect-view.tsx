/** Connect: addresses and key, the set-up lines of each SDK, and what arrived so far. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StatusAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { known, type Source, useLoaded } from "../parts/use-loaded.ts";
import { ArrivalsTable } from "./arrivals-table.tsx";
import { SdkTabs } from "./sdk-tabs.tsx";

interface ConnectProps {
  readonly status: Source<StatusAnswer>;
  /** Sequence of the newest call: when it changes, arrivals are asked for again. */
  readonly newest: number | undefined;
}

const PAUSE_MS = 500;

export function ConnectView({ status, newest }: ConnectProps): JSX.Element {
  const [clientId, setClientId] = useState("");
  const { loaded, reload } = useLoaded(() => client.connect(clientId), { again: `${clientId} ${newest}`, pauseMs: PAUSE_MS });
  const answer = known(loaded);
  const address = known(status.loaded);
  return (
    <div class="connect">
      <LoadedNote what="This proxy’s addresses and key" loaded={status.loaded} onRetry={status.reload} />
      {address !== undefined && <Addresses status={address} />}
      <section class="card" aria-labelledby="sdk-title">
        <div class="bar">
          <h1 id="sdk-title">Point your SDK here</h1>
          <label class="inline">
            Client id{" "}
            <input
              value={clientId}
              placeholder="SANDBOX_…"
              spellcheck={false}
              size={28}
              onInput={(event) => setClientId(event.currentTarget.value.trim())}
            />
          </label>
        </div>
        <LoadedNote what="The set-up lines" loaded={loaded} onRetry={reload} />
        {answer !== undefined && <SdkTabs clients={answer.clients} />}
      </section>
      <ArrivalsTable loaded={loaded} onRetry={reload} />
    </div>
  );
}

function Addresses({ status }: { readonly status: StatusAnswer }): JSX.Element {
  return (
    <section class="card" aria-labelledby="address-title">
      <h1 id="address-title">This proxy</h1>
      <dl class="facts wide">
        <div>
          <dt>Listens on</dt>
          <dd>
            {status.listeners.map((listener) => (
              <code key={listener}>{listener} </code>
            ))}
          </dd>
        </div>
        <div>
          <dt>Forwards to</dt>
          <dd>
            <code>{status.upstream}</code> {status.standIn && <span class="faint">the built-in stand-in sandbox</span>}
          </dd>
        </div>
        <div>
          <dt>
            Public key, for your SDK’s client in place of Antom’s{" "}
            <CopyButton what="the public key as base64" text={() => status.publicKey} />{" "}
            <CopyButton what="the public key" label="Copy PEM" text={() => status.publicKeyPem} />
          </dt>
          <dd class="key">
            <code>{status.publicKey}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}
