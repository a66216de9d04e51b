/** Asks the process behind a lock's socket whether it owns the lock. */
import { createConnection } from "node:net";
import { errorCode } from "../base/error-code.ts";

/** What the holder of a lock writes to whoever connects. */
export const OWNER = "owner\n";
export const CLAIMING = "claiming\n";

/** `owner` also where the process lives and does not answer for seconds: it may be stopped. `claiming`: not decided yet, ask again. `dead`: nobody listens. */
export type Answer = "owner" | "claiming" | "dead";

const SILENCE_MS = 3000;
/** The holder steps back at this moment, or too many ask at once. */
const UNDECIDED: ReadonlySet<string> = new Set(["EAGAIN", "ECONNRESET", "EPIPE"]);

/** Never rejects. */
export function askHolder(path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    let told = "";
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end("owner"), SILENCE_MS);
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      told += text;
    });
    socket.on("end", () => end(told === OWNER ? "owner" : "claiming"));
    socket.on("error", (error) => end(UNDECIDED.has(errorCode(error)) ? "claiming" : "dead"));
  });
}
