/** Log lines for everything except calls. */
import { describeProblem, type Problem } from "../../base/problem.ts";
import type { LineLevel } from "./log-line.ts";

export type LogEvent =
  /** `listeners`: the bound origins, such as `http://127.0.0.1:8080`. */
  | { readonly kind: "listening"; readonly listeners: readonly string[]; readonly admin: string | undefined; readonly upstream: string }
  | { readonly kind: "rules-loaded"; readonly rules: number; readonly active: number; readonly version: string }
  /** The last valid rules stay active. */
  | { readonly kind: "rules-rejected"; readonly problems: readonly Problem[] }
  /** `endsAtMs` in epoch ms; undefined: until switched off. */
  | { readonly kind: "window-started"; readonly rule: string; readonly endsAtMs: number | undefined }
  | { readonly kind: "window-ended"; readonly rule: string }
  | { readonly kind: "stopping"; readonly callsInFlight: number }
  | { readonly kind: "stopped" }
  /** Any other message; both texts contain no secrets. */
  | { readonly kind: "notice" | "warning"; readonly message: string; readonly fields?: Readonly<Record<string, string | number | boolean>> }
  /** An unexpected error: the call was answered 500 and the process continues. */
  | { readonly kind: "bug"; readonly callId: string | undefined; readonly error: unknown };

/** A log line; in the pretty format `detail` follows the message and `fields` are not shown. */
export interface EventLine {
  readonly level: LineLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly detail: string | undefined;
}

/** The line for `event`. */
export function eventLine(event: LogEvent): EventLine {
  switch (event.kind) {
    case "listening":
      return listening(event);
    case "rules-loaded":
      return line("info", `rules in force: ${event.rules}, of which ${event.active} active`, event);
    case "rules-rejected":
      return line("error", "rules rejected, the last good ones stay in force", event, event.problems.map(describeProblem).join("\n"));
    case "window-started":
      return line("info", `window of \`${event.rule}\` started${until(event.endsAtMs)}`, event);
    case "window-ended":
      return line("info", `window of \`${event.rule}\` ended`, event);
    case "stopping":
      return line("info", `stopping, calls in flight: ${event.callsInFlight}`, event);
    case "stopped":
      return line("info", "stopped", event);
    case "notice":
    case "warning":
      return line(event.kind === "notice" ? "info" : "warn", event.message, { kind: event.kind, ...event.fields });
    case "bug":
      return bug(event);
    default:
      return event satisfies never;
  }
}

function listening(event: Extract<LogEvent, { kind: "listening" }>): EventLine {
  const admin = event.admin === undefined ? "" : `, admin on ${event.admin}`;
  return line("info", `listening on ${event.listeners.join(", ")}${admin}, forwarding to ${event.upstream}`, event);
}

function bug(event: Extract<LogEvent, { kind: "bug" }>): EventLine {
  const stack = event.error instanceof Error ? (event.error.stack ?? event.error.message) : String(event.error);
  return line("error", "bug in the proxy, please report it", { kind: event.kind, callId: event.callId, stack }, stack);
}

function line(level: EventLine["level"], message: string, event: Readonly<Record<string, unknown>>, detail?: string): EventLine {
  const { kind, message: _, ...rest } = event;
  return { level, message, fields: { event: kind, ...rest }, detail };
}

function until(endsAtMs: number | undefined): string {
  return endsAtMs === undefined ? ", until switched off" : `, until ${new Date(endsAtMs).toISOString()}`;
}
