#!/usr/bin/env node
/**
 * The program's first lines, in CommonJS: what has to be settled before a module is loaded.
 * Speed, 2026-11-23, signing on two cores: 1.57 to 1.60 times http-proxy's rate with two or three threads, 1.38 with four; the pool's lower
 * priority gave 5 to 15 % more calls in two of three comparisons. test/launch.test.ts notices their removal.
 */

const { availableParallelism, setPriority } = process.getBuiltinModule("node:os");
const { readdirSync, stat } = process.getBuiltinModule("node:fs");

// Signatures are made in libuv's thread pool, whose size is read at its first use: on Node 20 that is the loading of the first ES module. With a
// thread more than there are cores besides the event loop's own, signing keeps interrupting the loop. Two at least, because the log and name
// look-ups wait in the same pool.
process.env["UV_THREADPOOL_SIZE"] ??= String(Math.max(2, Math.min(4, availableParallelism() - 1)));

/** Of the pool's threads, in steps of `nice`: while signatures wait they would take turns with the event loop, which all calls wait for. */
const POOL_NICENESS = 5;
const THREADS = "/proc/self/task";

// Only Linux gives a thread a priority of its own; elsewhere there is no such folder.
try {
  const others = new Set(readdirSync(THREADS));
  // Starts the pool.
  stat(THREADS, () => undefined);
  for (const thread of readdirSync(THREADS)) if (!others.has(thread)) setPriority(Number(thread), POOL_NICENESS);
} catch {
  // The threads keep the priority they have.
}

// Node opens its debugger, which runs any code, on SIGUSR1 from whoever may send it. Started with --inspect it is open already.
if (process.getBuiltinModule("node:inspector").url() === undefined) process.on("SIGUSR1", () => undefined);

// Node 22.8 and later can keep what they have compiled for the next start.
const enableCompileCache: unknown = Reflect.get(process.getBuiltinModule("node:module"), "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();

void import("./main.js");
