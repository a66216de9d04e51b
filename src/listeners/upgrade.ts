/** Upgrades: admitted by the pipeline like any call, then carried untouched on a connection that nothing else is sent on. */
import { headerValues } from "../http/headers.ts";
import type { RequestHead } from "../http/message.ts";
import type { DeliveryEnd, StreamResult } from "../ports/ports.ts";
import type { Pipeline } from "../proxy/pipeline.ts";
import type { Transport } from "../proxy/transport.ts";
import type { OnUpgrade, Upgrade } from "./connection/door.ts";
import { closingAnswer } from "./connection/plain-answer.ts";

/** Carries one upgraded connection; a call that failed before anything was sent to the client is left to be answered. */
export type UpgradeLane = (call: Upgrade & { readonly origin: string }) => Promise<StreamResult>;

export interface UpgradeParts {
  readonly pipeline: Pipeline;
  readonly lane: UpgradeLane;
}

/** An upgrade and what has become of it. */
interface UpgradeWire extends Upgrade {
  /** How the delivery ends, as far as is known. */
  end: DeliveryEnd;
  /** Body bytes of the answer; undefined where it is not the proxy's. */
  sentBytes: number | undefined;
  hasResponded: boolean;
}

/** For FrontDoorOptions.onUpgrade. What the guard refuses leaves nothing to the gateway; no rule can act on the rest. */
export function createUpgradeHandler({ pipeline, lane }: UpgradeParts): OnUpgrade {
  const transport = createTransport(lane);
  return ({ head, socket, firstBytes, arrival }) => {
    const wire: UpgradeWire = { head, socket, firstBytes, arrival, end: "aborted", sentBytes: 0, hasResponded: false };
    const passing = pipeline.begin({ head, arrival, wire, transport });
    const close = (): void => pipeline.close(passing, wire.end, wire.sentBytes);
    if (socket.closed) close();
    else socket.once("close", close);
    // The lane watches the client by itself.
    void pipeline.run(passing, passing.gone).then(() => wire.end === "open" && close());
  };
}

function createTransport(lane: UpgradeLane): Transport<UpgradeWire> {
  return {
    reads: false,
    objection: ({ head }) => (announcesBody(head) ? "a request that changes the protocol must have no body" : undefined),
    read: async () => ({ kind: "over-limit", prefix: [] }),
    async carry(wire, { origin }) {
      const { head, socket, firstBytes, arrival } = wire;
      const result = await lane({ head, socket, firstBytes, arrival, origin });
      note(wire, result);
      return result;
    },
    write(wire, { response }) {
      if (response === undefined) {
        wire.end = "nothing";
        wire.socket.destroy();
        return undefined;
      }
      wire.hasResponded = true;
      closingAnswer(wire.socket, response, () => {
        wire.end = "whole";
        wire.sentBytes = response.body.length;
      });
      return undefined;
    },
    hasResponded: (wire) => wire.hasResponded,
    giveUp(wire) {
      wire.end = "cut";
      wire.socket.destroy();
      return undefined;
    },
  };
}

function note(wire: UpgradeWire, result: StreamResult): void {
  if (result.kind === "failed" && !result.begun) return;
  wire.hasResponded = true;
  wire.sentBytes = undefined;
  if (result.kind === "answered") wire.end = result.status === 101 ? "open" : "whole";
  else wire.end = result.failure.kind === "cancelled" ? "aborted" : "cut";
}

/** Sent on, such a body would be read as what follows the head: another request, that nobody has judged. */
function announcesBody({ headers }: RequestHead): boolean {
  return headerValues(headers, "transfer-encoding").length > 0 || headerValues(headers, "content-length").some((length) => length !== "0");
}
