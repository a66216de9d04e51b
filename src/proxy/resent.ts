/** The transport of a kept call that is taken through the pipeline once more: its body is there, and nobody is answered. */
import type { Transport } from "./transport.ts";

/** The wire is the body. */
export const RESENT: Transport<Buffer> = {
  reads: true,
  objection: () => undefined,
  read: async (body) => ({ kind: "whole", body }),
  carry: async () => ({ kind: "failed", failure: { kind: "cancelled", detail: "a streamed call is never sent again" }, begun: false }),
  write: () => undefined,
  hasResponded: () => true,
  giveUp: () => undefined,
};
