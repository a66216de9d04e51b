/** An upgrade through the core: admitted like any call, then carried untouched. */

import { reportError } from "../base/subscribers.ts";
import { headerValues } from "../http/headers.ts";
import type { RequestHead } from "../http/message.ts";
import type { StreamResult } from "../ports/ports.ts";
import type { Admission } from "../proxy/admit.ts";
import type { Core } from "../proxy/handle.ts";
import type { OnUpgrade, Upgrade } from "./connection/door.ts";
import { closingAnswer, plainAnswer } from "./connection/plain-answer.ts";

/** Carries one upgraded connection; a call that failed before anything was sent to the client is answered here. */
export type UpgradeLane = (call: Upgrade & { readonly origin: string }) => Promise<StreamResult>;

export interface UpgradeParts {
  readonly core: Core;
  readonly lane: UpgradeLane;
  /** Told of a bug; the connection has been closed. */
  readonly onBug: (error: unknown) => void;
}

const NO_BODY = Buffer.alloc(0);

/** For FrontDoorOptions.onUpgrade. What the guard refuses leaves nothing to the gateway; no rule can act on the rest. */
export function createUpgradeHandler({ core, lane, onBug }: UpgradeParts): OnUpgrade {
  return (upgrade) => {
    const { head, arrival, socket } = upgrade;
    if (announcesBody(head)) {
      plainAnswer(socket, 400, "a request that changes the protocol must have no body");
      return;
    }
    const admission = core.admitUnread(head, core.admit(head, arrival));
    if (admission.kind === "refused") {
      refuse(upgrade, admission, { core, onBug });
      return;
    }
    const startedAt = core.now();
    lane({ ...upgrade, origin: admission.destination.origin })
      .then((result) => core.streamed({ head, arrival, admission, startedAt, result }))
      .then((reply) => {
        if (reply?.response !== undefined) closingAnswer(socket, reply.response);
        else if (reply !== undefined) socket.destroy();
      })
      .catch((error: unknown) => {
        reportError(error, onBug);
        socket.destroy();
      });
  };
}

/** The answer and the record of any refused call. */
function refuse({ head, arrival, socket }: Upgrade, admission: Admission, { core, onBug }: Omit<UpgradeParts, "lane">): void {
  const request = { ...head, body: NO_BODY };
  Promise.resolve(core.handle({ request, arrival, admission, signal: new AbortController().signal }))
    .then(({ response }) => response && closingAnswer(socket, response))
    .catch((error: unknown) => {
      onBug(error);
      socket.destroy();
    });
}

/** Sent on, such a body would be read as what follows the head: another request, that nobody has judged. */
function announcesBody({ headers }: RequestHead): boolean {
  return headerValues(headers, "transfer-encoding").length > 0 || headerValues(headers, "content-length").some((length) => length !== "0");
}
