/** Calls over HTTP/1 and HTTP/2: each is handed to the pipeline, and closed when its connection or stream has done with it. */
import { endOfLoopTurn } from "../base/event-loop.ts";
import type { GoneSignal, StreamResult } from "../ports/ports.ts";
import type { Pipeline } from "../proxy/pipeline.ts";
import type { Carried, Reply, Transport } from "../proxy/transport.ts";
import { watchClient } from "./connection/client-gone.ts";
import type { OnCall } from "./connection/door.ts";
import { readBody } from "./wire/read-body.ts";
import { endOf, sentBytesOf, type Wire } from "./wire/wire.ts";
import { writeAnswer } from "./wire/write-answer.ts";

/** Carries one call untouched; a call that failed before anything was sent to the client is left to be answered. */
export type Stream = (call: Carried & { readonly wire: Wire }) => Promise<StreamResult>;

export interface ExchangeParts {
  readonly pipeline: Pipeline;
  readonly stream: Stream;
  /** Bodies up to this size are read whole; larger ones are streamed untouched. */
  readonly maxBodyBytes: number;
  /** Aborts when the listeners stop: calls that a rule leaves without an answer are reset then. */
  readonly halt: GoneSignal;
}

/** What every listener does with a call. */
export function createRequestHandler(parts: ExchangeParts): OnCall {
  const { pipeline } = parts;
  const transport = createTransport(parts);
  return (wire, arrival) => {
    const passing = pipeline.begin({ head: wire.head, arrival, wire, transport });
    const gone = watchClient(wire, () => {
      const end = endOf(wire);
      pipeline.close(passing, end, sentBytesOf(wire, end));
    });
    void pipeline.run(passing, gone);
  };
}

function createTransport({ stream, maxBodyBytes, halt }: ExchangeParts): Transport<Wire> {
  return {
    reads: true,
    objection: () => undefined,
    read: (wire) => readBody(wire, maxBodyBytes),
    carry: (wire, { origin, gone, prefix }) => stream({ wire, origin, gone, prefix }),
    write: (wire, reply, gone) =>
      // What is done to the connection instead of an answer is not put off.
      reply.response === undefined ? writeAnswer(wire, reply, { gone, halt }) : writeAtEndOfTurn(wire, reply, { gone, halt }),
    hasResponded: (wire) => wire.hasResponded(),
    giveUp,
  };
}

async function writeAtEndOfTurn(wire: Wire, reply: Reply, ends: { readonly gone: GoneSignal; readonly halt: GoneSignal }): Promise<void> {
  await endOfLoopTurn();
  const writing = writeAnswer(wire, reply, ends);
  if (writing !== undefined) await writing;
}

/** Answers 500, or resets where an answer has begun. */
function giveUp(wire: Wire): number | undefined {
  if (wire.hasResponded()) {
    wire.reset();
    return undefined;
  }
  wire.respond(500, ["content-length", "0"]);
  wire.out.end();
  return 500;
}
