/** The part of the gateway's catalogue that rules/ needs. */

/** The gateway's operations. */
export interface Operations {
  /** All accepted names. */
  readonly names: readonly string[];
  check(name: string): { readonly kind: "ok" } | { readonly kind: "bad"; readonly message: string; readonly remedy?: string | undefined };
  /** The result codes of an operation, for completion in editors; undefined when the list is incomplete. */
  codesOf?(name: string): readonly string[] | undefined;
}
