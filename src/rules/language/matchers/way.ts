/** `way: connect`: how the call reached the proxy. */
import { z } from "zod";
import { defineMatcher, type MatcherKind } from "../matcher.ts";

const way = z.enum(["http", "https", "http2", "connect"]);

export const wayMatcher: MatcherKind = defineMatcher({
  key: "way",
  schema: z.union([way, z.array(way).min(1)]).meta({ description: "http, https, http2, or connect (through HTTPS_PROXY)" }),
  compile(value) {
    const ways = [value].flat();
    return {
      kind: "ok",
      value: {
        kind: "way",
        summary: `way is ${ways.join(" or ")}`,
        matches: ({ arrival }) => ways.includes(arrival.way),
        found: ({ arrival }) => `it is ${arrival.way}`,
      },
    };
  },
});
