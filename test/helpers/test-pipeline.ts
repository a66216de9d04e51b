/** A pipeline for listener tests: one answer for every call, by a gateway that signs with the word `ours`. */
import { systemClock } from "../../src/base/machine-clock.ts";
import type { Effect } from "../../src/faults/fault.ts";
import { createContentReader } from "../../src/http/content.ts";
import type { HttpRequest, HttpResponse } from "../../src/http/message.ts";
import type { CallRecord, GoneSignal, Standing } from "../../src/ports/ports.ts";
import { createPipeline, type Pipeline } from "../../src/proxy/pipeline.ts";
import type { Firing } from "../../src/rules/rule.ts";
import { identity } from "./call-record.ts";
import { compiledRule } from "./compiled-rule.ts";

export interface TestPipelineOptions {
  /** Default: sandbox. */
  readonly standing?: Standing | undefined;
  readonly allowProduction?: boolean;
  readonly origin?: string;
  readonly choose?: () => Firing | undefined;
  /** What the gateway answers; undefined: the client left. */
  readonly answer?: (request: HttpRequest, signal: GoneSignal) => Promise<HttpResponse | undefined>;
  readonly onBug: (error: unknown) => void;
}

export interface TestPipeline {
  readonly pipeline: Pipeline;
  readonly records: CallRecord[];
  /** Calls begun and not over. */
  inFlight(): number;
}

/** A firing that calls the gateway, with these effects. */
export function firingOf(effects: readonly Effect[]): Firing {
  return { rule: compiledRule(), ordinal: 1, step: 1, rulesVersion: "v1", action: "acts", callUpstream: true, effects };
}

export function createTestPipeline(options: TestPipelineOptions): TestPipeline {
  const records: CallRecord[] = [];
  let begun = 0;
  const ours = (status: number, text: string): HttpResponse => ({ status, headers: ["signature", "ours"], body: Buffer.from(text) });
  const pipeline = createPipeline({
    clock: systemClock,
    contentOf: createContentReader(),
    gateway: {
      reservedWords: [],
      identify: () => identity({ standing: options.standing ?? { kind: "sandbox" } }),
      destination: (_, origin) => ({ origin, protocol: "http1" }),
      refusal: (message) => ours(403, message),
      failure: () => ours(502, "no gateway"),
      outgoing: (asked) => asked,
      seal: ({ response }) => ({ response, verdict: undefined, resultCode: undefined, signedContent: undefined, credible: undefined }),
    },
    upstream: {
      async exchange(request, _destination, signal) {
        const response = await options.answer?.(request, signal);
        return response === undefined ? { kind: "failure", failure: { kind: "cancelled", detail: "gone" } } : { kind: "answer", response };
      },
    },
    rules: { choose: () => options.choose?.() },
    ledger: { observeAnswer: () => undefined },
    observer: {
      begin() {
        begun += 1;
      },
      stage: undefined,
      end: (record) => void records.push(record),
      bug: options.onBug,
    },
    nextId: () => `call-${begun}`,
    allowProduction: options.allowProduction ?? false,
    destinationFor: () => ({ origin: options.origin ?? "https://a.example", protocol: "http1" }),
  });
  return { pipeline, records, inFlight: () => begun - records.length };
}
