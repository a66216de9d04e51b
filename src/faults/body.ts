/**
 * The fault `body`: the answer's body is invalid.
 *
 * An answer that the gateway did not sign is changed too, but not signed: the proxy only signs answers that it verified.
 * `malformed-json` truncates the JSON and signs the rest, so the signature is valid and the parser fails: a parse exception in Java,
 * Go and .NET, null fields in PHP; Python returns the raw text. `wrong-content-type` sends the correct body as `text/html; charset=GBK`, signed:
 * Java decodes with that charset and rejects the signature when the body contains non-ASCII characters; the others ignore the type. `html` is an
 * unsigned error page with HTTP 200, like that of a firewall: Python, Go and .NET report a missing signature, Java and PHP accept it
 * unverified and fail to parse it.
 */
import { z } from "zod";
import { dropHeaders, nameSet } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import { defineFault, type Effect, type Fault, type FaultKind } from "./fault.ts";

const CONTENT_TYPE = nameSet(["content-type"]);

const WORDS = ["malformed-json", "wrong-content-type", "html"] as const;
type Word = (typeof WORDS)[number];

export const bodyFault: FaultKind = defineFault({
  key: "body",
  schema: z
    .enum(WORDS)
    .meta({ description: "malformed-json and wrong-content-type spoil the answer and are signed; html is an unsigned page" }),
  compile(word) {
    const effects = effectsOf(word);
    const fault: Fault = {
      kind: "body",
      summary: SUMMARIES[word],
      answer: word === "html" ? "makes" : "needs",
      effects: () => effects,
    };
    return { kind: "ok", value: fault };
  },
});

const SUMMARIES: Readonly<Record<Word, string>> = {
  "malformed-json": "cuts the JSON's end off",
  "wrong-content-type": "sends the body as text/html; charset=GBK",
  html: "answers with an HTML page",
};

const PAGE: HttpResponse = {
  status: 200,
  headers: ["content-type", "text/html; charset=UTF-8"],
  body: Buffer.from(
    "<!doctype html>\n<html><head><title>Service unavailable</title></head><body><h1>Please try again later</h1></body></html>\n",
  ),
};

function effectsOf(word: Word): readonly Effect[] {
  switch (word) {
    case "html":
      return [{ kind: "make", signed: false, make: () => PAGE }];
    case "malformed-json":
      return [{ kind: "change", change: cutJson }];
    case "wrong-content-type":
      return [{ kind: "change", change: relabel }];
    default:
      return word satisfies never;
  }
}

/** The body without its last brace, but at least half of it. */
function cutJson(answer: HttpResponse): HttpResponse {
  const end = Math.max(Math.ceil(answer.body.length / 2), answer.body.lastIndexOf("}"));
  return { ...answer, body: answer.body.subarray(0, Math.min(end, Math.max(0, answer.body.length - 1))) };
}

function relabel(answer: HttpResponse): HttpResponse {
  const others = dropHeaders(answer.headers, CONTENT_TYPE);
  return { ...answer, headers: [...others, "content-type", "text/html; charset=GBK"] };
}
