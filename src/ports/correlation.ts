/** Which ids of a gateway name the same thing: handed by the gateway's folder to rules and ledgers, which know no field by name. */
import type { HttpRequest } from "../http/message.ts";

/** A thing that the caller names by one id, and the gateway by another. */
export interface IdLink {
  /** Body field of the id that the caller chose; rules count per it. */
  readonly field: string;
  /** Body field of the id that the gateway assigned; calls that lack `field` may name the thing by it. No two links assign equal ids. */
  readonly alias: string;
  /** The assigned id in the content of an answer (its body without content coding); undefined: none, or one that is not plain. */
  readonly assignedIn: (content: Buffer) => string | undefined;
  /** The chosen id, from the request or else from its answer; undefined: neither holds it. */
  readonly chosenIn: (request: HttpRequest, content: Buffer) => string | undefined;
}

/** All links of a gateway. */
export type Correlation = readonly IdLink[];
