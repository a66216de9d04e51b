/** What the core asks of the world, as types: app.ts hands in the real ones, tests hand in fakes. */
import type { MaybePromise } from "../base/maybe-promise.ts";
import type { HttpRequest, HttpResponse, RequestHead } from "../http/message.ts";
import type { SealCall, Sealed, SignatureVerdict } from "./answer.ts";
import type { Identity, RefusalReason } from "./identity.ts";

export type { GatewayAnswer, Maker, SealCall, Sealed, SignatureVerdict } from "./answer.ts";
export type { Identity, RefusalReason, Standing } from "./identity.ts";

/**
 * Tells when the client has gone (`abort`), or has closed its sending side and may have gone (`end`, also fired before `abort`). A call that has
 * not left for the gateway when `end` fires must not be sent any more; one that has is waited for until `abort`. An AbortSignal is a GoneSignal
 * whose client never half-closes; the listeners hand in something lighter, since every call has one and few are aborted.
 */
export interface GoneSignal {
  readonly aborted: boolean;
  /** Undefined counts as `aborted`. */
  readonly ended?: boolean;
  addEventListener(type: "abort" | "end", listener: () => void): void;
  removeEventListener(type: "abort" | "end", listener: () => void): void;
}

/** How a call reached the proxy. */
export type Way = "http" | "https" | "http2" | "connect";

/** The connection a call came on. */
export interface Arrival {
  readonly way: Way;
  readonly remoteAddress: string;
  /** The port the client connected to. */
  readonly localPort: number;
  /** The TLS server name the client asked for; undefined without TLS or SNI. */
  readonly serverName: string | undefined;
  /** `host:port` of the CONNECT request that opened the tunnel; undefined otherwise. */
  readonly tunnelTo: string | undefined;
}

/** Why the gateway's side gave no answer. */
export type FailureKind = "refused" | "reset" | "timeout" | "tls" | "name" | "too-large" | "cancelled" | "other";

/** A call to the gateway's side that ended without an answer; `detail` is for a person and holds no secret. */
export interface UpstreamFailure {
  readonly kind: FailureKind;
  readonly detail: string;
}

export type UpstreamResult =
  | { readonly kind: "answer"; readonly response: HttpResponse }
  | { readonly kind: "failure"; readonly failure: UpstreamFailure };

/** How a call ended that was carried without being read. */
export type StreamResult =
  | { readonly kind: "answered"; readonly status: number }
  /** `begun`: part of an answer had been sent, and the client's connection was broken off; else the client has been sent nothing. */
  | { readonly kind: "failed"; readonly failure: UpstreamFailure; readonly begun: boolean };

/** Where a call goes. */
export interface Destination {
  /** `https://host[:port]`. */
  readonly origin: string;
  /** `http2`: both are offered and the origin chooses; `http1`: HTTP/1.1 alone. */
  readonly protocol: "http1" | "http2";
}

/** The exchange lane: one buffered call. Never rejects. */
export interface Upstream {
  exchange(request: HttpRequest, destination: Destination, signal: GoneSignal): Promise<UpstreamResult>;
}

/** Everything the proxy asks of a payment gateway's rules of conduct; antom/ is the one implementation. */
export interface Gateway {
  /** Words that no header line of an answer may contain besides the gateway's own lines. */
  readonly reservedWords: readonly string[];
  identify(head: RequestHead): Identity;
  /** Where the call goes: `upstream` (an origin), or the host of the same region that serves this operation. */
  destination(identity: Identity, upstream: string): Destination;
  /** The gateway-shaped answer for a call that is refused, or whose upstream failed; not yet sealed. */
  refusal(message: string): HttpResponse;
  failure(failure: UpstreamFailure): HttpResponse;
  /** The request as it goes to the gateway: the very one, unless the answer would come in a form that cannot be signed again. `changed`: a rule acts. */
  outgoing(request: HttpRequest, identity: Identity, changed: boolean): HttpRequest;
  /** Verifies the gateway's signature where the gateway answered, and signs with the proxy's key what may be signed. No promise where there is nothing to wait for. */
  seal(call: SealCall): MaybePromise<Sealed>;
}

/** How a call ended. */
export type Outcome = "forwarded" | "injected" | "refused" | "failed" | "tunnelled";

/** What was decided for a call on which a rule acted, as plain data. */
export interface Decision {
  /** The rule's name, and its name with a hash of its meaning. */
  readonly name: string;
  readonly identity: string;
  /** 1-based place of the step that this firing performed; 1 for a rule without steps. */
  readonly step: number;
  /** 1-based count of the rule's firings under this call's key. */
  readonly firing: number;
  /** The version of the rules that were in force; undefined: the caller asked for the fault in a header. */
  readonly rulesVersion: string | undefined;
  /** What the rule did, for a person: `answers RISK_REJECT (F)`. */
  readonly action: string;
}

/**
 * How the delivery of an answer ended. `whole`: all of it was handed to the system. `cut`: the proxy ended it before that. `nothing`: the proxy ended the
 * connection without an answer. `aborted`: the connection ended first, because the client left or took nothing for too long, or the proxy stopped. `open`: the protocol was changed, and bytes still flow both ways.
 */
export type DeliveryEnd = "whole" | "cut" | "nothing" | "aborted" | "open";

/** The read-only face of a call: filled in by the pipeline, and finished when its observers are told of it. Plain data, without sockets, signals or functions. */
export interface CallRecord {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Time that a rule's delay took; undefined where no rule delayed the call. */
  readonly waitMs: number | undefined;
  /** Time spent waiting for the gateway's side; undefined when it was not called. */
  readonly upstreamMs: number | undefined;
  /** Time from the answer's decision to the end of its delivery; undefined where the proxy decided none (streamed, client gone before). */
  readonly deliveryMs: number | undefined;
  readonly arrival: Arrival;
  /** The body is empty where it was streamed. */
  readonly request: HttpRequest;
  readonly identity: Identity;
  readonly outcome: Outcome;
  /** The rule that acted. */
  readonly rule: Decision | undefined;
  readonly resultCode: string | undefined;
  /** What the gateway's side said; undefined when it was not called, failed, or was streamed. */
  readonly upstreamResponse: HttpResponse | undefined;
  /** What was sent; undefined where nothing was (reset, hang, client gone). */
  readonly response: HttpResponse | undefined;
  readonly verdict: SignatureVerdict | undefined;
  readonly failure: UpstreamFailure | undefined;
  /** Why the guard refused it (`production`, `path`, `client-id`, `api-key`, `session` …); undefined when it did not. */
  readonly refusal: RefusalReason | undefined;
  /** What was done to the connection instead of, or while, answering: `reset`, `hang`, `close`, `throttle` … */
  readonly delivery: string;
  /** How that ended; undefined where it is not known. */
  readonly deliveryEnd: DeliveryEnd | undefined;
  /** Body bytes of the answer that were sent; undefined where that is not known (a write that broke off, an open connection). */
  readonly sentBytes: number | undefined;
}

/** Told of every finished call; must be fast: it runs on the call's path. */
export type Observer = (record: CallRecord) => void;

/** Told what happens to calls; must not throw and must be fast: it runs on the call's path. */
export interface CallObserver {
  /** The head of a call has come. */
  begin(): void;
  /** A call has passed a stage of the pipeline, and is filled in so far; undefined: nobody wants to know. */
  readonly stage: ((call: CallRecord, stage: string) => void) | undefined;
  /** The call is over: its answer has been delivered, or none will be. Once for every call that began. */
  end(record: CallRecord): void;
  /** A bug ended the call; `end` is called as well. */
  bug(error: unknown, callId: string): void;
}
