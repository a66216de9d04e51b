/** An answer that did not come from the gateway's own hand: it goes out without a signature. */
import { keepHeaders } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import type { Effect } from "./fault.ts";

/** Puts `made` in the place of the signed answer; the header lines that tell a person of the rule (`x-fault-…`) stay. */
export function unsigned(made: HttpResponse): Effect {
  return {
    kind: "tamper",
    spoil: (sealed) => ({ ...made, headers: [...made.headers, ...keepHeaders(sealed.headers, (name) => name.startsWith("x-fault-"))] }),
  };
}
