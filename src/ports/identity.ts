/** The identity of a call and whether it may be forwarded. */

/** Why a call is refused before anything leaves the machine: the mark that the guard rejects, a production call, a loop, or a requested fault that cannot act. */
export type RefusalReason =
  | "production"
  | "loop"
  | "upgrade-body"
  | "path"
  | "client-id"
  | "api-key"
  | "authorization"
  | "session"
  | "x-session-id"
  | "x-fault";

/** The guard's decision about a call. */
export type Standing =
  | { readonly kind: "sandbox" }
  | { readonly kind: "production" }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly message: string };

/** What the gateway can tell about a request. */
export interface Identity {
  /** The operation's name (`pay`); undefined for a path outside the catalogue. */
  readonly operation: string | undefined;
  /** From the header or, for a call with an API key, from the key; undefined when none can be read. */
  readonly clientId: string | undefined;
  /** The kind of the call's API key: such a call and its answer need no signature. undefined: no API key. */
  readonly apiKey?: "test" | "production" | undefined;
  readonly standing: Standing;
}
