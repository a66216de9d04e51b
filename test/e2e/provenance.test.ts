/** Nothing leaves with the proxy's signature that the gateway did not sign, whatever a fault did to it: through the running proxy, judged by node:crypto. */
import { createPublicKey } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import t, { type Test } from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import { vocabulary } from "../../src/app/vocabulary.ts";
import {
  type Answered,
  askProxy,
  CLIENT_ID,
  contentOf,
  isSignedBy,
  PAY_PATH,
  signatureOver,
  signedText,
  startAntomOrigin,
} from "../helpers/antom-origin.ts";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted } from "../helpers/openssl.ts";

/** Who made the answer that a rule with these keys sends. */
type Maker = "gateway" | "proxy" | "nobody's signature";

interface Fault {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly maker: Maker;
  /** What is wrong with the signature of an answer that the proxy signs; undefined: it holds. */
  readonly spoils?: boolean;
  /** The body that comes is not the one that was signed. */
  readonly cuts?: boolean;
}

const RESULT = { result: "RISK_REJECT" };
const SIGNATURES = ["missing", "corrupt", "stale", "wrong-key", "raw-base64", "wrong-client-id", "capitalised"];
const UNSIGNED_JSON = { http: { status: 200, body: { result: { resultCode: "SUCCESS", resultStatus: "S" } } } };

const FAULTS: readonly Fault[] = [
  { keys: { forward: true }, maker: "gateway" },
  { keys: { delay: "1ms" }, maker: "gateway" },
  { keys: { throttle: "1MB/s" }, maker: "gateway" },
  { keys: { body: "wrong-content-type" }, maker: "gateway" },
  { keys: { body: "malformed-json" }, maker: "gateway" },
  { keys: { body: "wrong-content-type", delay: "1ms" }, maker: "gateway" },
  { keys: { abort: "truncate" }, maker: "gateway", cuts: true },
  { keys: { abort: "close", body: "malformed-json" }, maker: "gateway", cuts: true },
  { keys: { abort: { truncate: 3 } }, maker: "gateway", cuts: true },
  { keys: { abort: "reset", upstream: "call" }, maker: "gateway" },
  { keys: { abort: "empty", upstream: "call" }, maker: "gateway" },
  ...SIGNATURES.flatMap((signature): Fault[] => [
    { keys: { signature }, maker: "gateway", spoils: true },
    { keys: { signature, body: "wrong-content-type" }, maker: "gateway", spoils: true },
    { keys: { signature, body: "malformed-json" }, maker: "gateway", spoils: true },
    { keys: { signature, ...RESULT, upstream: "call" }, maker: "proxy", spoils: true },
  ]),
  { keys: RESULT, maker: "proxy" },
  { keys: { ...RESULT, upstream: "call" }, maker: "proxy" },
  { keys: { ...RESULT, upstream: "call", body: "wrong-content-type" }, maker: "proxy" },
  { keys: { ...RESULT, upstream: "call", body: "malformed-json" }, maker: "proxy" },
  { keys: { http: { status: 500, body: { result: {} }, signed: true }, upstream: "call" }, maker: "proxy" },
  { keys: { ...UNSIGNED_JSON, upstream: "call" }, maker: "nobody's signature" },
  { keys: { ...UNSIGNED_JSON, upstream: "call", body: "wrong-content-type" }, maker: "nobody's signature" },
  { keys: { ...UNSIGNED_JSON, upstream: "call", signature: "wrong-key" }, maker: "nobody's signature" },
  { keys: { http: 503, upstream: "call", delay: "1ms" }, maker: "nobody's signature" },
  { keys: { body: "html", upstream: "call" }, maker: "nobody's signature" },
];

const antom = makeKeys();
const stranger = makeKeys();
const ours = makeKeys();
const TIME = "2026-11-23T16:00:00+08:00";
const BODY = Buffer.from(
  JSON.stringify({ result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "succès" }, paymentId: "P1" }),
);

/** The three lines that tell whose an answer is. */
interface Head {
  readonly signature: string;
  readonly time: string;
  readonly clientId: string;
}

function lines({ signature, time, clientId }: Partial<Head>): string[] {
  const named = { "Client-Id": clientId, "Response-Time": time, Signature: signature };
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

interface Signing {
  /** Header lines of the answer, given Antom's whole head and the content. */
  readonly lines: (head: Head, content: Buffer) => string[];
  /** Whether Antom vouches for it: `always`, only where nobody can check, or never. */
  readonly vouched: "always" | "unchecked" | "never";
}

const SIGNINGS: Readonly<Record<string, Signing>> = {
  valid: { lines: (head) => lines(head), vouched: "always" },
  "valid, no client id": { lines: ({ signature, time }) => lines({ signature, time }), vouched: "always" },
  "over another body": {
    lines: (head, content) =>
      lines({ ...head, signature: signatureOver(signedText(PAY_PATH, CLIENT_ID, TIME, corrupted(content)), antom.privateKey) }),
    vouched: "unchecked",
  },
  "over another path": {
    lines: (head, content) =>
      lines({ ...head, signature: signatureOver(signedText("/other", CLIENT_ID, TIME, content), antom.privateKey) }),
    vouched: "unchecked",
  },
  "by another key": {
    lines: (head, content) =>
      lines({ ...head, signature: signatureOver(signedText(PAY_PATH, CLIENT_ID, TIME, content), stranger.privateKey) }),
    vouched: "unchecked",
  },
  missing: { lines: ({ clientId }) => lines({ clientId }), vouched: "never" },
  "no lines at all": { lines: () => [], vouched: "never" },
  "time alone": { lines: ({ time, clientId }) => lines({ time, clientId }), vouched: "never" },
  "signature alone": { lines: ({ signature, clientId }) => lines({ signature, clientId }), vouched: "never" },
  "empty time": { lines: (head) => lines({ ...head, time: "" }), vouched: "never" },
  "empty signature": { lines: (head) => lines({ ...head, signature: "" }), vouched: "never" },
  "no signature in the line": { lines: (head) => lines({ ...head, signature: "algorithm=RSA256,keyVersion=1" }), vouched: "never" },
  "two signatures": { lines: (head) => [...lines(head), "signature", head.signature], vouched: "never" },
  "two times": { lines: (head) => [...lines(head), "response-time", "2020-01-01T00:00:00+00:00"], vouched: "never" },
  "two client ids": { lines: (head) => [...lines(head), "client-id", "SANDBOX_OTHER"], vouched: "never" },
  "another client id": { lines: (head) => lines({ ...head, clientId: "SANDBOX_OTHER" }), vouched: "never" },
};

interface Coding {
  readonly pack: (content: Buffer) => Buffer;
  readonly lines: readonly string[];
  readonly readable: boolean;
}

const CODINGS: Readonly<Record<string, Coding>> = {
  none: { pack: (content) => content, lines: [], readable: true },
  gzip: { pack: gzipSync, lines: ["Content-Encoding", "gzip"], readable: true },
  deflate: { pack: deflateSync, lines: ["content-encoding", "deflate"], readable: true },
  br: { pack: brotliCompressSync, lines: ["Content-Encoding", "br"], readable: true },
  unknown: { pack: (content) => content, lines: ["Content-Encoding", "zstd"], readable: false },
  stacked: { pack: (content) => gzipSync(gzipSync(content)), lines: ["Content-Encoding", "gzip, gzip"], readable: false },
  "stacked in two lines": {
    pack: (content) => gzipSync(gzipSync(content)),
    lines: ["Content-Encoding", "gzip", "Content-Encoding", "gzip"],
    readable: false,
  },
  damaged: { pack: (content) => gzipSync(content).subarray(0, 20), lines: ["Content-Encoding", "gzip"], readable: false },
};

interface Case {
  readonly fault: Fault | undefined;
  readonly signing: Signing;
  readonly coding: Coding;
  readonly content: Buffer;
  readonly status: number;
}

function antomsAnswer({ signing, coding, content, status }: Case): Answered {
  const signature = signatureOver(signedText(PAY_PATH, CLIENT_ID, TIME, content), antom.privateKey);
  const headers = signing.lines({ signature, time: TIME, clientId: CLIENT_ID }, content);
  return {
    status,
    headers: ["Server", "spanner", ...coding.lines, ...headers, "Content-Type", "application/json"],
    body: coding.pack(content),
  };
}

/** The lines that an SDK, or a person, could take for a signature's. */
function signatureLines({ headers }: Answered): string[] {
  const found: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (/^(?:signature|response-time|client-id)$/i.test(headers[at] ?? "")) found.push(`${headers[at]}: ${headers[at + 1]}`);
  }
  return found;
}

/** The answer without its coding, one byte of its content changed (or added). */
function corruptedTwin(came: Answered): Answered {
  const content = contentOf(came) ?? came.body;
  const headers = came.headers.filter((_, at) => came.headers[at - (at % 2)]?.toLowerCase() !== "content-encoding");
  return { ...came, headers, body: content.length === 0 ? Buffer.from("x") : corrupted(content) };
}

/** What is wrong with `came`; undefined: nothing. */
function findFault(given: Case, came: Answered | undefined, mode: Mode): string | undefined {
  const { fault, signing, coding } = given;
  const sent = antomsAnswer(given);
  if (came === undefined) return /reset|empty/.test(String(fault?.keys["abort"])) ? undefined : "no answer came";
  const vouched = coding.readable && (signing.vouched === "always" || (signing.vouched === "unchecked" && !mode.hasKey));
  const untouched = JSON.stringify(signatureLines(came)) === JSON.stringify(signatureLines(sent));
  const signed = isSignedBy(ours.publicKey, came);
  if (isSignedBy(ours.publicKey, corruptedTwin(came))) return "its corrupted twin is accepted too";
  if (fault?.maker === "nobody's signature") return signatureLines(came).length === 0 ? undefined : "it has lines of a signature";
  const maker = fault?.maker ?? "gateway";
  const mayBeSigned = maker === "proxy" || (vouched && (mode.resign === "all" || fault !== undefined));
  if (!mayBeSigned)
    return signed ? "it is signed, and Antom did not vouch for it" : untouched ? undefined : "the signature's lines were changed";
  if (fault?.spoils === true || fault?.cuts === true) return untouched ? "nothing was done to it" : undefined;
  return signed ? undefined : "it is not signed";
}

interface Mode {
  readonly hasKey: boolean;
  readonly resign: "all" | "overridden";
}

const MODES: readonly Mode[] = [
  { hasKey: true, resign: "all" },
  { hasKey: false, resign: "all" },
  { hasKey: true, resign: "overridden" },
  { hasKey: false, resign: "overridden" },
];

async function start(t: Test, { hasKey, resign }: Mode): Promise<{ proxy: RunningProxy; ask(given: Case): Promise<Answered | undefined> }> {
  const origin = await startAntomOrigin();
  const key = hasKey ? { antomPublicKey: antom.publicKey } : {};
  const proxy = await startProxy({ upstream: origin.origin, signingKey: ours.privateKey, resign, ...key });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  return {
    proxy,
    async ask(given) {
      origin.answer(() => antomsAnswer(given));
      return await askProxy(proxy.url);
    },
  };
}

async function setFault(proxy: RunningProxy, fault: Fault | undefined): Promise<void> {
  await proxy.setRules(fault === undefined ? [] : [{ name: "a", api: "pay", ...fault.keys }]);
}

t.test("the faults tried here are all that there are", async (t) => {
  const tried = new Set(FAULTS.flatMap(({ keys }) => Object.keys(keys)));
  t.same(
    vocabulary.faults.map((kind) => kind.key).filter((key) => !tried.has(key)),
    [],
  );
});

for (const mode of MODES.filter(({ resign }) => resign === "all")) {
  t.test(`every fault on every kind of signature, ${JSON.stringify(mode)}`, async (t) => {
    const { proxy, ask } = await start(t, mode);
    const wrong: string[] = [];
    for (const fault of [undefined, ...FAULTS]) {
      await setFault(proxy, fault);
      for (const [name, signing] of Object.entries(SIGNINGS)) {
        const given = { fault, signing, coding: plain(), content: BODY, status: 200 };
        const found = findFault(given, await ask(given), mode);
        if (found !== undefined) wrong.push(`${JSON.stringify(fault?.keys)}, ${name}: ${found}`);
      }
    }
    t.same(wrong, []);
  });
}

t.test("any fault, signature, coding, body and status in any mode", async (t) => {
  const running = await Promise.all(MODES.map((mode) => start(t, mode)));
  const cases = fc.record({
    fault: fc.constantFrom(undefined, ...FAULTS),
    signing: fc.constantFrom(...Object.values(SIGNINGS)),
    coding: fc.constantFrom(...Object.values(CODINGS)),
    content: fc.oneof(
      fc.constant(BODY),
      fc.json().map(Buffer.from),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
    status: fc.constantFrom(200, 200, 400, 500),
  });
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(MODES.length - 1), async (given, at) => {
      const [mode, run] = [MODES[at], running[at]];
      if (mode === undefined || run === undefined) return;
      await setFault(run.proxy, given.fault);
      const found = findFault(given, await run.ask(given), mode);
      if (found !== undefined) throw new Error(found);
    }),
    { numRuns: 250 },
  );
  t.equal(createPublicKey(running[0]?.proxy.publicKey.pem ?? "").equals(ours.publicKey), true, "judged by the key that the proxy shows");
});

function plain(): Coding {
  const { none } = CODINGS;
  if (none === undefined) throw new Error("no plain coding");
  return none;
}
