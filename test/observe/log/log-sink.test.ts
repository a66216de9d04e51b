/** Lines reach their descriptor whole and in order, and a descriptor that fails harms nobody. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createLog } from "../../../src/observe/log/log.ts";
import { createLogSink } from "../../../src/observe/log/log-sink.ts";
import { callRecord } from "../../helpers/call-record.ts";

function temporaryFile(): string {
  return join(mkdtempSync(join(tmpdir(), "log-")), "log");
}

t.test("all lines are in the file after a flush, in order", async (t) => {
  const file = temporaryFile();
  const descriptor = openSync(file, "w");
  const sink = createLogSink(descriptor, (lines) => `lost ${lines}\n`);
  for (let n = 0; n < 1000; n += 1) sink.write(`${n}\n`);
  await sink.flush();
  sink.write("last\n");
  await sink.flush();
  await sink.flush();
  const lines = readFileSync(file, "utf8").split("\n");
  t.strictSame(lines, [...Array.from({ length: 1000 }, (_, n) => String(n)), "last", ""]);
  closeSync(descriptor);
});

t.test("the log writes to a descriptor", async (t) => {
  const file = temporaryFile();
  const descriptor = openSync(file, "w");
  const log = createLog({ level: "info", format: "json", destination: descriptor });
  for (let n = 0; n < 3; n += 1) log.observe(callRecord());
  await log.flush();
  t.equal(readFileSync(file, "utf8").split("\n").length, 4);
  closeSync(descriptor);
});

t.test("a full disk loses lines, not the process; once there is room again, the next line is told how many", async (t) => {
  const descriptor = openSync("/dev/full", "w");
  const sink = createLogSink(descriptor, (lines) => `lost ${lines}\n`);
  for (const line of ["a\n", "b\n", "c\n"]) {
    sink.write(line);
    await sink.flush();
  }
  closeSync(descriptor);
  const file = temporaryFile();
  t.equal(openSync(file, "w"), descriptor, "the lowest number that is free: the same disk, with room");
  sink.write("d\n");
  await sink.flush();
  t.equal(readFileSync(file, "utf8"), "d\nlost 3\n");
  closeSync(descriptor);
});

t.test("a program whose reader has gone goes on and ends by itself", async (t) => {
  const program = `
    import { createLog } from ${JSON.stringify(new URL("../../../src/observe/log/log.js", import.meta.url).href)};
    const log = createLog({ level: "info", format: "json" });
    let n = 0;
    const timer = setInterval(() => {
      log.event({ kind: "stopped" });
      if (++n === 100) clearInterval(timer);
    }, 2);
    process.on("exit", () => process.stderr.write("ended after " + n));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.once("data", () => child.stdout.destroy());
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  t.strictSame([code, said], [0, "ended after 100"]);
});

t.test(
  "a reader that has stopped keeps no thread waiting and takes bounded memory; read on, it is told how many lines are missing",
  async (t) => {
    const program = `
    import { sign, generateKeyPairSync } from "node:crypto";
    import { createLogSink } from ${JSON.stringify(new URL("../../../src/observe/log/log-sink.js", import.meta.url).href)};
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sink = createLogSink(1, (lines) => "lost " + lines + "\\n");
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 40; round += 1) {
      for (let n = 0; n < 2000; n += 1) sink.write("x".repeat(1000) + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => sign("sha256", Buffer.from("a"), privateKey, resolve));
    await sink.flush();
    process.stderr.write(String(Math.round((process.memoryUsage().rss - before) / 2 ** 20)));
    process.stdin.once("data", () => { sink.write("last\\n"); process.stdin.unref(); });
  `;
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { env: { ...env, UV_THREADPOOL_SIZE: "1" } });
    t.teardown(() => child.kill("SIGKILL"));
    const [grown] = await once(child.stderr, "data");
    t.ok(Number(grown) < 60, `80 MB were written, memory grew by ${grown} MiB`);
    let lines = 0;
    let last = 0;
    let rest = "";
    let lost = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part.startsWith("x")) lines += 1;
      if (parts.includes("last")) last = 1;
      for (const part of parts) if (part.startsWith("lost ")) lost += Number(part.slice(5));
    });
    child.stdin.write("read on");
    await once(child, "close");
    t.ok(lost > 0, `${lost} lost`);
    t.equal(lines + lost + last, 80_001);
  },
);
