#!/usr/bin/env node
/** The program's first lines, in CommonJS: what has to be settled before a module is loaded. */

const { availableParallelism } = process.getBuiltinModule("node:os");

// Signatures are made in libuv's thread pool, whose size is read at its first use: on Node 20 that is the loading of the first ES module. With a
// thread more than there are cores besides the event loop's own, signing keeps interrupting the loop. Two at least, because the log and name
// look-ups wait in the same pool.
process.env["UV_THREADPOOL_SIZE"] ??= String(Math.max(2, Math.min(4, availableParallelism() - 1)));

// Node 22.8 and later can keep what they have compiled for the next start.
const enableCompileCache: unknown = Reflect.get(process.getBuiltinModule("node:module"), "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();

void import("./main.js");
