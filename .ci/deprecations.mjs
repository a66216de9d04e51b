// Preloaded by .ci/matrix into every process of a test run: notes deprecations, one line each, and whose code it was that raised them.
import { appendFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.DEPRECATIONS;

process.on("warning", (warning) => {
  if (folder === undefined || warning.name !== "DeprecationWarning") return;
  const frames = (warning.stack ?? "").split("\n").slice(1);
  // The nearest frame outside of Node.js itself is where the call stands.
  const caller = frames.find((frame) => !frame.includes("node:internal") && !/\(node:|at node:/.test(frame)) ?? "";
  const whose = caller.includes("node_modules") || caller === "" ? "theirs" : "ours";
  appendFileSync(join(folder, `${process.pid}`), `${whose} ${warning.code ?? ""} ${warning.message.split("\n")[0]} ${caller.trim()}\n`);
});
