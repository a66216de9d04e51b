/** The log: one structured line per call and per event, written asynchronously and flushed at the end. */
import { isatty } from "node:tty";
import type { CallRecord, Observer } from "../../ports/ports.ts";
import { callFields, callLevel, callText } from "./log-call.ts";
import { eventLine, type LogEvent } from "./log-event.ts";
import { createLineFormat, type LineFormat } from "./log-line.ts";
import { createLogSink, type LogSink } from "./log-sink.ts";
import { stageFields, stageText } from "./log-stage.ts";

export type { LogEvent };

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LogOptions {
  /** Lines below this level are not formatted. */
  readonly level: LogLevel;
  /** `json`: one object per line; `pretty`: for people at a terminal. */
  readonly format: "json" | "pretty";
  /** A file descriptor (default 1, standard output) or an object with `write`, which is called immediately for every line. */
  readonly destination?: number | Pick<LogSink, "write">;
  /** Colours in the pretty format; default: when the destination is a terminal. */
  readonly color?: boolean;
}

export interface Log {
  readonly observe: Observer;
  /** Writes a line for each stage that a call has passed; undefined above the level `debug`. */
  readonly stage: ((call: CallRecord, stage: string) => void) | undefined;
  /** Writes an event that is not a call: listening, rules, windows, stopping, a bug. */
  event(event: LogEvent): void;
  /** Resolves when every line so far has been handed to the operating system. Never rejects. */
  flush(): Promise<void>;
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** Creates a log; it opens no file besides the given descriptor. */
export function createLog(options: LogOptions): Log {
  const { destination = 1, color } = options;
  const pretty = options.format === "pretty";
  const lineOf = createLineFormat(color ?? (typeof destination === "number" && isatty(destination)));
  const sink = openSink(options, lineOf);
  const least = RANKS[options.level];
  const writeStage = (call: CallRecord, stage: string): void =>
    sink.write(pretty ? lineOf.person("debug", stageText(call, stage)) : lineOf.machine("debug", "stage", stageFields(call, stage)));
  return {
    observe(record: CallRecord) {
      const level = callLevel(record);
      if (RANKS[level] < least) return;
      sink.write(pretty ? lineOf.person(level, callText(record)) : lineOf.machine(level, "call", callFields(record)));
    },
    stage: least > RANKS.debug ? undefined : writeStage,
    event(event) {
      const { level, message, fields, detail } = eventLine(event);
      if (RANKS[level] < least) return;
      sink.write(pretty ? lineOf.person(level, message, detail) : lineOf.machine(level, message, fields));
    },
    flush: () => sink.flush(),
  };
}

function openSink(options: LogOptions, { machine }: LineFormat): LogSink {
  const target = options.destination ?? 1;
  if (typeof target !== "number") return { write: (line) => target.write(line), flush: async () => undefined };
  return createLogSink(target, (lines) =>
    options.format === "pretty" ? `log lines lost: ${lines}\n` : machine("warn", "log lines lost", { lines }),
  );
}
