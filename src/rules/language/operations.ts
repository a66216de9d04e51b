/** What rules/ asks of the gateway's catalogue. */

/** The gateway's operations as far as a rule needs them. */
export interface Operations {
  /** Every name that `check` accepts. */
  readonly names: readonly string[];
  check(name: string): { readonly kind: "ok" } | { readonly kind: "bad"; readonly message: string; readonly remedy?: string | undefined };
  /** The result codes an operation returns, for completion in editors; undefined where the list is not known. */
  codesOf?(name: string): readonly string[] | undefined;
}
