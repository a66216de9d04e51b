/** Formats a log line: one JSON object for machines; time, level and text for people. */
import { manyLines, oneLine } from "./log-text.ts";

export type LineLevel = "debug" | "info" | "warn" | "error";

export interface LineFormat {
  /** `{"level":"info","time":"2026-11-23T08:00:00.000Z",…fields,"msg":"call"}` and a line feed; undefined fields are omitted. */
  machine(level: LineLevel, message: string, fields: object): string;
  /** `[08:00:00.000] INFO: text` in local time, and a line feed; with colours if configured. `detail` follows on separate lines. */
  person(level: LineLevel, text: string, detail?: string): string;
}

const COLORS: Readonly<Record<LineLevel, string>> = { debug: "\u001b[90m", info: "\u001b[32m", warn: "\u001b[33m", error: "\u001b[31m" };
const CYAN = "\u001b[36m";
const PLAIN = "\u001b[39m";

export function createLineFormat(color: boolean): LineFormat {
  const timeNow = createTimestamp();
  return {
    machine(level, message, fields) {
      const told = oneLine(JSON.stringify(fields)).slice(1, -1);
      return `{"level":"${level}","time":"${timeNow()}",${told}${told === "" ? "" : ","}"msg":${oneLine(JSON.stringify(message))}}\n`;
    },
    person(level, told, detail) {
      const name = level.toUpperCase();
      const text = detail === undefined ? oneLine(told) : `${oneLine(told)}\n${manyLines(detail)}`;
      return color ? `[${localTime()}] ${COLORS[level]}${name}${PLAIN}: ${CYAN}${text}${PLAIN}\n` : `[${localTime()}] ${name}: ${text}\n`;
    },
  };
}

/** The time in ISO 8601; formatted once per millisecond. */
function createTimestamp(): () => string {
  let madeAtMs = 0;
  let made = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs !== madeAtMs) made = new Date(nowMs).toISOString();
    madeAtMs = nowMs;
    return made;
  };
}

function localTime(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, "0");
  const milliseconds = String(now.getMilliseconds()).padStart(3, "0");
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${milliseconds}`;
}
