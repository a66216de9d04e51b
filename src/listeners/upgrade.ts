/** An upgrade through the core: admitted like any call, then carried untouched. */
import type { StreamResult } from "../ports.ts";
import type { Core } from "../proxy/handle.ts";
import type { OnUpgrade, Upgrade } from "./door.ts";
import { closingAnswer, plainAnswer } from "./plain-answer.ts";

/** Carries one upgraded connection; a call that failed before anything was sent to the client is answered here. */
export type UpgradeLane = (call: Upgrade & { readonly origin: string }) => Promise<StreamResult>;

export interface UpgradeParts {
  readonly core: Core;
  readonly lane: UpgradeLane;
  /** Told of a bug; the connection has been closed. */
  readonly onBug: (error: unknown) => void;
}

/** For FrontDoorOptions.onUpgrade. What the guard refuses leaves nothing to the gateway; no rule can act on the rest. */
export function createUpgradeHandler({ core, lane, onBug }: UpgradeParts): OnUpgrade {
  return (upgrade) => {
    const { head, arrival, socket } = upgrade;
    const admission = core.admitUnread(head, core.admit(head, arrival));
    if (admission.kind === "refused") {
      plainAnswer(socket, 403, admission.message);
      return;
    }
    const startedAt = core.now();
    lane({ ...upgrade, origin: admission.destination.origin })
      .then((result) => core.streamed({ head, arrival, admission, startedAt, result }))
      .then((reply) => reply?.response && closingAnswer(socket, reply.response))
      .catch((error: unknown) => {
        onBug(error);
        socket.destroy();
      });
  };
}
