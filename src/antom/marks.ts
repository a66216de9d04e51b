/** Extracts in one pass the headers that separate sandbox from production calls: client id, API key, session, and headers that could change them on the way. */
import type { RawHeaders } from "../http/message.ts";

/** A header that the guard reads. */
type MarkName = "client-id" | "authorization" | "x-session-id";

export interface Marks {
  readonly clientId: string | undefined;
  readonly authorization: string | undefined;
  readonly sessionId: string | undefined;
  /** The first mark that has more than one line. */
  readonly repeated: MarkName | undefined;
  /** The first mark named in a `Connection` header, and therefore not forwarded to the gateway. */
  readonly nominated: MarkName | undefined;
  /** The first header that asks a server to use another path. */
  readonly rewriting: string | undefined;
}

const MARKS: readonly MarkName[] = ["client-id", "authorization", "x-session-id"];
/** IIS and some frameworks use these headers as the request's path. */
const REWRITING: ReadonlySet<string> = new Set(["x-original-url", "x-rewrite-url"]);
/** A header of another length cannot match, which avoids converting its name to lower case. */
const LENGTHS: ReadonlySet<number> = new Set([...MARKS, ...REWRITING, "connection"].map((name) => name.length));

/** The marks in `headers`, compared case-insensitively; the first value of a repeated mark is used. */
export function readMarks(headers: RawHeaders): Marks {
  const lines: Lines = {
    clientId: undefined,
    authorization: undefined,
    sessionId: undefined,
    repeated: undefined,
    nominated: undefined,
    rewriting: undefined,
  };
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (LENGTHS.has(name.length)) note(lines, name.toLowerCase(), headers[at + 1] ?? "");
  }
  return lines;
}

type Lines = { -readonly [Name in keyof Marks]: Marks[Name] };

function note(lines: Lines, name: string, value: string): void {
  if (name === "client-id") lines.clientId = once(lines, name, lines.clientId, value);
  else if (name === "authorization") lines.authorization = once(lines, name, lines.authorization, value);
  else if (name === "x-session-id") lines.sessionId = once(lines, name, lines.sessionId, value);
  else if (name === "connection") lines.nominated ??= nominatedIn(value);
  else if (REWRITING.has(name)) lines.rewriting ??= name;
}

/** The value of a mark after another line of it; records the repetition. */
function once(lines: Lines, name: MarkName, known: string | undefined, value: string): string {
  if (known === undefined) return value;
  lines.repeated ??= name;
  return known;
}

function nominatedIn(connection: string): MarkName | undefined {
  const tokens = connection.split(",").map((token) => token.trim().toLowerCase());
  return MARKS.find((name) => tokens.includes(name));
}
