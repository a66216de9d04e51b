/** A client for pipeline tests that needs no socket: its body is there, and what it is sent is kept. */
import type { StreamResult } from "../../src/ports/ports.ts";
import type { Pipeline } from "../../src/proxy/pipeline.ts";
import type { BodyRead, Reply, Transport } from "../../src/proxy/transport.ts";
import { arrival, request } from "./call-record.ts";

/** A client, and what it has been sent. */
export interface FakeWire {
  readonly body: BodyRead;
  readonly streamed: StreamResult;
  readonly replies: Reply[];
  /** The status with which a broken call was given up. */
  gaveUp: number | undefined;
}

export const fakeTransport: Transport<FakeWire> = {
  reads: true,
  objection: () => undefined,
  read: async (wire) => wire.body,
  carry: async (wire) => wire.streamed,
  write: (wire, reply) => void wire.replies.push(reply),
  hasResponded: (wire) => wire.replies.some(({ response }) => response !== undefined),
  giveUp(wire) {
    wire.gaveUp = 500;
    return 500;
  },
};

export interface FakeClient extends Partial<Pick<FakeWire, "body" | "streamed">> {
  readonly transport?: Transport<FakeWire>;
  readonly gone?: AbortSignal;
}

/** Takes one call through the pipeline and closes it as a client does that got everything; gives what it was sent. */
export async function sendThrough(pipeline: Pipeline, client: FakeClient = {}): Promise<FakeWire> {
  const { body = { kind: "whole", body: request().body }, streamed = { kind: "answered", status: 200 } } = client;
  const wire: FakeWire = { body, streamed, replies: [], gaveUp: undefined };
  const passing = pipeline.begin({ head: request(), arrival: arrival(), wire, transport: client.transport ?? fakeTransport });
  await pipeline.run(passing, client.gone ?? new AbortController().signal);
  const sent = wire.replies.at(-1)?.response;
  pipeline.close(passing, sent === undefined ? "nothing" : "whole", sent?.body.length ?? 0);
  return wire;
}
