/** Connect: addresses and key, the set-up lines of each SDK, and what arrived so far. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConnectAnswer, StatusAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { ArrivalsTable } from "./arrivals-table.tsx";
import { SdkTabs } from "./sdk-tabs.tsx";

interface ConnectProps {
  readonly status: StatusAnswer | undefined;
  /** Sequence of the newest call: when it changes, arrivals are asked for again. */
  readonly newest: number | undefined;
}

const PAUSE_MS = 500;

export function ConnectView({ status, newest }: ConnectProps): JSX.Element {
  const [clientId, setClientId] = useState("");
  const [answer, setAnswer] = useState<ConnectAnswer | undefined>();
  useEffect(() => {
    const timer = setTimeout(() => client.connect(clientId).then(setAnswer, () => undefined), answer === undefined ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [clientId, newest]);
  return (
    <div class="connect">
      {status !== undefined && <Addresses status={status} />}
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
        {answer !== undefined && <SdkTabs clients={answer.clients} />}
      </section>
      <ArrivalsTable arrivals={answer?.arrivals ?? []} />
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
