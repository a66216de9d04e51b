/** Who a call is to the gateway, and whether it may go on. */

/** Why a call is refused before anything leaves the machine: the mark that the guard objects to, a production call, a loop, or a caller's own fault that cannot act. */
export type RefusalReason =
  | "production"
  | "loop"
  | "path"
  | "client-id"
  | "api-key"
  | "authorization"
  | "session"
  | "x-session-id"
  | "x-fault";

/** Whether a call may go on, and as what. */
export type Standing =
  | { readonly kind: "sandbox" }
  | { readonly kind: "production" }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly message: string };

/** What a request is to the gateway. */
export interface Identity {
  /** The operation's name (`pay`); undefined for a path that the catalogue does not know. */
  readonly operation: string | undefined;
  /** From the header or, for a call with an API key, the one in the key; undefined: none can be read. */
  readonly clientId: string | undefined;
  /** The kind of the API key that the call carries: such a call needs no signature, nor does its answer. undefined: it carries none. */
  readonly apiKey?: "test" | "production" | undefined;
  readonly standing: Standing;
}
