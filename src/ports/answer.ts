/** An answer on its way out: who made it, what the gateway said, and what the proxy signs. */
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Identity } from "./identity.ts";

/** What became of the gateway's own signature on a forwarded answer. */
export type SignatureVerdict = "valid" | "invalid" | "missing" | "unchecked";

/** What the gateway answered, as it came. */
export interface GatewayAnswer {
  readonly response: HttpResponse;
  /** Its body with the content coding undone; undefined where that cannot be done. */
  readonly content: Buffer | undefined;
}

/**
 * Who made an answer, whatever a fault did to it since: the gateway (it is signed only if the gateway vouches for it), the proxy (it is signed), or the
 * proxy in the manner of a machine between the two (it is never signed).
 */
export type Maker = "gateway" | "proxy" | "intermediary";

/** An answer ready to go out. */
export interface Sealed {
  readonly response: HttpResponse;
  /** The verdict on the gateway's signature; undefined where the gateway was not called, or its signature not looked at. */
  readonly verdict: SignatureVerdict | undefined;
  /** `result.resultCode` of the body; undefined where there is none. */
  readonly resultCode: string | undefined;
  /** What the proxy's signature covers; undefined where the proxy did not sign it. */
  readonly signedContent: Buffer | undefined;
  /** The content, or its beginning, from which ids may be learned; undefined where it cannot be read or must not be believed. */
  readonly credible: Buffer | undefined;
}

/** What is to be signed, or passed on. */
export interface SealCall {
  readonly request: HttpRequest;
  readonly identity: Identity;
  /** The answer that is to go out. */
  readonly response: HttpResponse;
  /** Its body with the content coding undone; undefined where that cannot be done. */
  readonly content: Buffer | undefined;
  readonly maker: Maker;
  /** What the gateway answered, whatever goes out in its place; undefined where it was not called or failed. Its signature is the one that is judged. */
  readonly theirs: GatewayAnswer | undefined;
  /** True when a rule acts: signed then even under `--resign overridden`. */
  readonly changed: boolean;
}
