/** The schema of a duration in a rules file: text with a unit, parsed to milliseconds. */
import { z } from "zod";
import { formatDuration, parseDuration } from "../base/duration.ts";

/** A duration such as `90s` between `minMs` and `maxMs`; a number without a unit is refused. */
export function durationShape(minMs: number, maxMs: number): z.ZodType<number> {
  return z
    .string({ error: (issue) => lacksUnit(issue.input) })
    .regex(/^(\d+(\.\d+)?(ms|[smhd]))+$/, { error: (issue) => notALength(issue.input) })
    .meta({ description: `a length of time from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 90s, 30m or 1h30m` })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
      const bounds = `use ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
      context.issues.push({
        code: "custom",
        message: ms === undefined ? notALength(text) : `\`${text}\` is out of bounds; ${bounds}`,
        input: text,
      });
      return z.NEVER;
    });
}

/** Undefined: the caller words the error. */
function lacksUnit(input: unknown): string | undefined {
  if (typeof input === "number") return `\`${input}\` has no unit; write \`${input}s\` for seconds or \`${input}m\` for minutes`;
  return input === undefined || input === null
    ? undefined
    : "this is not a valid duration; write for example `30m`, `90s`, `1h30m` or `500ms`";
}

function notALength(input: unknown): string {
  return `\`${String(input).slice(0, 40)}\` is not a valid duration; write for example \`30m\`, \`90s\`, \`1h30m\` or \`500ms\``;
}
