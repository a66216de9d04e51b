/** Loaded into the proxy's process with `--import`: tells over the IPC channel in which files functions were executed since the last message, by V8's precise coverage. */
import { type Profiler, Session } from "node:inspector";

const session = new Session();
session.connect();
session.post("Profiler.enable");
// With counts V8 runs nothing optimised, so that every function is counted at every call.
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

if (process.send !== undefined) {
  process.on("message", () => session.post("Profiler.takePreciseCoverage", (_error, taken) => process.send?.(executedIn(taken))));
  process.channel?.unref();
}

/** The URLs of files with a function that ran; taking the counts has set them to 0. */
function executedIn({ result }: Profiler.TakePreciseCoverageReturnType): readonly string[] {
  const ran = ({ functions }: Profiler.ScriptCoverage): boolean => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
  return result.filter((script) => script.url.startsWith("file:") && ran(script)).map(({ url }) => url);
}
