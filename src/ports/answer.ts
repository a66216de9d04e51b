/** An outgoing answer: its maker, the gateway's original answer, and the signed content. */
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Identity } from "./identity.ts";

/** The result of checking the gateway's signature on a forwarded answer. */
export type SignatureVerdict = "valid" | "invalid" | "missing" | "unchecked";

/** The gateway's answer as received. */
export interface GatewayAnswer {
  readonly response: HttpResponse;
  /** Its body with the content coding removed; undefined when that fails. */
  readonly content: Buffer | undefined;
}

/**
 * Who made an answer, whatever a fault changed since: the gateway (signed only if the gateway's signature verified), the proxy (signed), or the
 * proxy in the role of a machine in between (never signed).
 */
export type Maker = "gateway" | "proxy" | "intermediary";

/** An answer ready to be sent. */
export interface Sealed {
  readonly response: HttpResponse;
  /** The verdict on the gateway's signature; undefined when the gateway was not called, or its signature not checked. */
  readonly verdict: SignatureVerdict | undefined;
  /** `result.resultCode` of the body; undefined when missing. */
  readonly resultCode: string | undefined;
  /** The content that the proxy signed; undefined when it did not sign. */
  readonly signedContent: Buffer | undefined;
  /** The content, or its beginning, from which ids may be taken; undefined when unreadable or not trustworthy. */
  readonly credible: Buffer | undefined;
}

/** An answer to sign or to pass on. */
export interface SealCall {
  readonly request: HttpRequest;
  readonly identity: Identity;
  /** The answer to send. */
  readonly response: HttpResponse;
  /** Its body with the content coding removed; undefined when that fails. */
  readonly content: Buffer | undefined;
  readonly maker: Maker;
  /** The gateway's original answer, whatever is sent instead; undefined when it was not called or failed. Its signature is the one that is checked. */
  readonly theirs: GatewayAnswer | undefined;
  /** True when a rule acts; the answer is then signed even with `--resign overridden`. */
  readonly changed: boolean;
}
