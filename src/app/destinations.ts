/** Where a call goes: the stand-in, the upstream that was set, or the gateway host that a tunnel was opened to. */
import type { Arrival, Destination, Gateway, Identity } from "../ports/ports.ts";

export interface DestinationOptions {
  readonly gateway: Pick<Gateway, "destination">;
  /** The origin that was set, or the stand-in's. */
  readonly upstream: string;
  /** True: everything goes to the stand-in, nothing leaves the machine. */
  readonly standIn: boolean;
}

/** The function that createPipeline asks for. A tunnel names its gateway itself; every other way in goes to the upstream. */
export function createDestinationFor(options: DestinationOptions): (identity: Identity, arrival: Arrival) => Destination {
  const { gateway, upstream, standIn } = options;
  return (identity, arrival) => {
    if (standIn) return { ...gateway.destination(identity, upstream), origin: upstream };
    const asked = arrival.tunnelTo === undefined ? upstream : new URL(`https://${arrival.tunnelTo}`).origin;
    return gateway.destination(identity, asked);
  };
}
