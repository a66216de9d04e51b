/** One call opened: what came, what the gateway said, what was sent, and why. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CallDetail } from "../../admin/api/views/call-view.ts";
import { client } from "../client.ts";
import { clockTime } from "../format.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { withCode } from "../parts/problems-banner.tsx";
import { OutcomeChip, StatusChip } from "../parts/status-chip.tsx";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";
import { known, useLoaded } from "../parts/use-loaded.ts";
import { go } from "../use-view.ts";
import { decisionOn, decisionPlace, deliveryOf, timesOf } from "./decision.ts";
import { ExplanationList } from "./explanation-list.tsx";
import { MessageView } from "./message-view.tsx";
import { RuleDialog } from "./rule-dialog.tsx";

interface PaneProps {
  readonly id: string;
  readonly onAdded: () => void;
}

export function CallDetailPane({ id, onAdded }: PaneProps): JSX.Element {
  const { loaded, reload } = useLoaded(() => client.call(id), { key: id });
  const call = known(loaded);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [call?.id]);
  return (
    <section class="detail card" aria-labelledby="detail-title" onKeyDown={(event) => event.key === "Escape" && go("traffic")}>
      <div class="bar">
        <h2 id="detail-title" ref={title} tabIndex={-1}>
          {call === undefined ? "Call" : (call.operation ?? call.path)}
        </h2>
        <button type="button" class="quiet" aria-label="Close the call" onClick={() => go("traffic")}>
          ×
        </button>
      </div>
      <LoadedNote what="This call" verb="is" loaded={loaded} onRetry={reload} />
      {call !== undefined && <Opened call={call} onAdded={onAdded} />}
    </section>
  );
}

function Opened({ call, onAdded }: { readonly call: CallDetail; readonly onAdded: () => void }): JSX.Element {
  return (
    <>
      <Why call={call} />
      <Facts call={call} />
      <Actions call={call} onAdded={onAdded} />
      <div class="messages">
        <MessageView title="Request" message={call.request} line={`${call.method} ${call.path}`} missing="" />
        <MessageView title="Gateway said" message={call.upstreamResponse} missing={missingUpstream(call)} />
        <MessageView title="Sent" message={call.response} sentBytes={call.sentBytes} missing={`nothing (${call.delivery})`} />
      </div>
      <ExplanationList id={call.id} />
    </>
  );
}

function missingUpstream({ failure, outcome }: CallDetail): string {
  if (failure !== undefined) return `nothing: ${failure.detail}`;
  return outcome === "injected" ? "it was not called" : "nothing was kept";
}

/** What was decided when the call came. */
function Why({ call }: { readonly call: CallDetail }): JSX.Element {
  const place = decisionPlace(call);
  return (
    <section class="why">
      <h3>Why</h3>
      <p>{withCode(decisionOn(call))}</p>
      {place !== undefined && <p class="faint small">{withCode(place)}</p>}
    </section>
  );
}

function Facts({ call }: { readonly call: CallDetail }): JSX.Element {
  const facts: readonly (readonly [string, JSX.Element | string | undefined])[] = [
    ["Outcome", <OutcomeChip key="o" outcome={call.outcome} />],
    ["Rule", call.rule],
    [
      "Result",
      call.resultCode === undefined ? undefined : (
        <span key="r">
          {call.resultStatus && <StatusChip status={call.resultStatus} />} {call.resultCode}
        </span>
      ),
    ],
    ["At", clockTime(call.startedAtMs)],
    ["Took", timesOf(call)],
    ["Gateway’s signature", call.verdict],
    ["Client id", call.clientId],
    [
      "Came by",
      [call.way, call.serverName, call.tunnelTo && `tunnel to ${call.tunnelTo}`, `from ${call.remoteAddress}`].filter(Boolean).join(", "),
    ],
    ["Refused", call.refusal],
    ["Delivery", deliveryOf(call)],
    ["Id", call.id],
  ];
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Actions({ call, onAdded }: { readonly call: CallDetail; readonly onAdded: () => void }): JSX.Element {
  const [draft, setDraft] = useState<string | undefined>();
  const action = useAction();
  const resend = (): void => void action.run(async () => go("traffic", (await client.resend(call.id)).id));
  const makeRule = (): void => void action.run(async () => setDraft((await client.draftRule(call.id)).yaml));
  return (
    <>
      <p class="actions">
        <button type="button" disabled={action.busy} onClick={resend}>
          Resend
        </button>
        <CopyButton what="this call" label="Copy as curl" framed text={async () => (await client.curl(call.id)).command} />
        <button type="button" disabled={action.busy} onClick={makeRule}>
          Make a rule of it
        </button>
      </p>
      <TroubleNote trouble={action.trouble} />
      {draft !== undefined && <RuleDialog yaml={draft} onClose={() => setDraft(undefined)} onAdded={onAdded} />}
    </>
  );
}
