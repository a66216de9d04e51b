/** Which of Antom's ids name the same thing, and how each is read from a request and its answer. A further pair, such as a refund's, is one line. */
import { textAfterName } from "../http/member-text.ts";
import type { Correlation, IdLink } from "../ports/correlation.ts";

/** The links between the ids of requests and those that Antom assigns. */
export const correlation: Correlation = [link("paymentRequestId", "paymentId")];

function link(field: string, alias: string): IdLink {
  const [chosen, assigned] = [Buffer.from(`"${field}"`), Buffer.from(`"${alias}"`)];
  return {
    field,
    alias,
    assignedIn: (content) => idUnder(assigned, content),
    chosenIn: (request, content) => idUnder(chosen, request.body) ?? idUnder(chosen, content),
  };
}

/** Antom's ids have at most 64 characters, all of them plain. */
const PLAIN_ID = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** The id under the first member of that name (given in its quotes) in a JSON body, found without parsing it: this runs on every call's path. */
function idUnder(name: Buffer, body: Buffer): string | undefined {
  const at = body.indexOf(name);
  const id = at < 0 ? undefined : textAfterName(body, at + name.length);
  return id !== undefined && PLAIN_ID.test(id) ? id : undefined;
}
