/** The log: one structured line a call and one an event, written behind the call's back and flushed at the end. */
import { isatty } from "node:tty";
import { type DestinationStream, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { CallRecord, Observer } from "../ports.ts";
import { callFields, callLevel, callText } from "./log-call.ts";
import { eventLine, type LogEvent } from "./log-event.ts";
import { createLogSink, type LogSink } from "./log-sink.ts";

export type { LogEvent };

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LogOptions {
  /** Lines below this level are not made at all. */
  readonly level: LogLevel;
  /** `json`: one object a line; `pretty`: for a person at a terminal. */
  readonly format: "json" | "pretty";
  /** A file descriptor (default 1, standard output) or something with `write`, which is then called at once for every line. */
  readonly destination?: number | DestinationStream;
  /** Colours in the pretty format; default: when the destination is a terminal. */
  readonly color?: boolean;
}

export interface Log {
  readonly observe: Observer;
  /** Writes what happened besides calls: listening, rules, windows, stopping, a bug. */
  event(event: LogEvent): void;
  /** Resolves when every line so far has been handed to the operating system. Never rejects. */
  flush(): Promise<void>;
}

/** Creates a log; it holds no open file of its own besides the descriptor it is given. */
export function createLog(options: LogOptions): Log {
  const sink = openSink(options);
  const pretty = options.format === "pretty";
  const logger = pino(
    { level: options.level, base: null, timestamp: createTimestamp(), formatters: { level: (level) => ({ level }) } },
    pretty ? prettyStream(sink, options) : sink,
  );
  return {
    observe(record: CallRecord) {
      const level = callLevel(record);
      if (!logger.isLevelEnabled(level)) return;
      if (pretty) logger[level](callText(record));
      else logger[level](callFields(record), "call");
    },
    event(event) {
      const { level, message, fields, detail } = eventLine(event);
      if (pretty) logger[level](detail === undefined ? message : `${message}\n${detail}`);
      else logger[level](fields, message);
    },
    flush: () => sink.flush(),
  };
}

/** The time as pino wants it; its text is made once a millisecond, which many lines may share. */
function createTimestamp(): () => string {
  let madeAtMs = 0;
  let made = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs !== madeAtMs) made = `,"time":"${new Date(nowMs).toISOString()}"`;
    madeAtMs = nowMs;
    return made;
  };
}

function openSink(options: LogOptions): LogSink {
  const target = options.destination ?? 1;
  if (typeof target !== "number") return { write: (line) => target.write(line), flush: async () => undefined };
  const tellLost = (lines: number): string =>
    `${JSON.stringify({ level: "warn", time: new Date().toISOString(), msg: "log lines lost", lines })}\n`;
  return createLogSink(target, options.format === "pretty" ? (lines) => `log lines lost: ${lines}\n` : tellLost);
}

function prettyStream(stream: DestinationStream, options: LogOptions): DestinationStream {
  const target = options.destination ?? 1;
  const colorize = options.color ?? (typeof target === "number" && isatty(target));
  const format = prettyFactory({ colorize, translateTime: "SYS:HH:MM:ss.l", hideObject: true, errorLikeObjectKeys: [] });
  return { write: (line) => stream.write(format(line)) };
}
