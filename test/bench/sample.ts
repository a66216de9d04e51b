/** Looks at real answers while the load runs: a fast wrong answer is a failure. */
import { type KeyObject, verify } from "node:crypto";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ANSWER, type BenchKeys, callOf, RESULT_CODE } from "./workload.ts";

/** What a right answer is: the gateway's own, the same signed by the proxy, the override signed by the proxy, or the override unsigned. */
export type Expectation = "untouched" | "resigned" | "overridden" | "overridden-unsigned";

export interface SampleOptions {
  readonly origin: string;
  readonly path: string;
  readonly expect: Expectation;
  readonly keys: BenchKeys;
}

export interface Sample {
  readonly checked: number;
  /** What was wrong, each kind once. */
  readonly wrong: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const PAUSE_MS = 20;

/** Samples until `signal` aborts, and at least once. Every call has a client id of its own, so that an answer meant for another is seen. */
export async function sampleAnswers(options: SampleOptions, signal: AbortSignal): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const wrong = new Set<string>();
  let checked = 0;
  do {
    checked += 1;
    const clientId = `SANDBOX_SAMPLE${checked}`;
    const found = await ask(options, clientId, agent).then(
      (answer) => judgeAnswer(answer, clientId, options),
      (error: unknown) => `no answer: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (found !== undefined) wrong.add(found);
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  } while (!signal.aborted);
  agent.destroy();
  return { checked, wrong: [...wrong] };
}

/** What is wrong with an answer; undefined when nothing is. */
export function judgeAnswer({ status, headers, body }: Answer, clientId: string, options: SampleOptions): string | undefined {
  const { expect, keys, path } = options;
  if (status !== 200) return `status ${status}`;
  const isOverridden = expect === "overridden" || expect === "overridden-unsigned";
  if (isOverridden ? !body.includes(`"${RESULT_CODE}"`) : body !== ANSWER) return "not the body that was to be expected";
  if (expect === "overridden-unsigned") return undefined;
  const key = expect === "untouched" ? keys.gateway.publicKey : keys.proxy.publicKey;
  if (headers["client-id"] !== clientId) return "another call's client id";
  const content = `POST ${path}\n${clientId}.${headers["response-time"]}.${body}`;
  return isSigned(content, String(headers["signature"]), key) ? undefined : "the signature does not verify";
}

/** With node:crypto alone, nothing of the project's own code. */
function isSigned(content: string, header: string, key: KeyObject): boolean {
  const value = /^algorithm=RSA256,keyVersion=1,signature=([A-Za-z0-9%]+)$/.exec(header)?.[1];
  return value !== undefined && verify("RSA-SHA256", Buffer.from(content), key, Buffer.from(decodeURIComponent(value), "base64"));
}

/** One call and its answer. Rejects when there is none within 10 s. */
export function ask({ origin, path }: Pick<SampleOptions, "origin" | "path">, clientId: string, agent: Agent): Promise<Answer> {
  const { method, headers, body } = callOf(path, clientId);
  return new Promise((resolve, reject) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const call = request(`${origin}${path}`, { method, headers: { ...headers, ...length }, agent, timeout: 10_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).once("error", reject);
      answer.once("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    call.once("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.once("error", reject);
    call.end(body);
  });
}
