/** A real redis-server of the test's own: in a folder of its own, on a free port, to be killed, frozen and brought back. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:port/0?prefix=…`; every prefix is a state of its own. */
  url(prefix: string): string;
  start(): Promise<void>;
  /** SIGKILL by default: what it had not written is lost. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops and lets run again; its port stays open meanwhile. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good. */
  remove(): Promise<void>;
}

/** Starts one. `keeps`: it writes every change to disk, and has it again after `stop` and `start`. */
export async function startRedis(options: { readonly keeps?: boolean; readonly flags?: readonly string[] } = {}): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const keep = options.keeps === true ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--daemonize", "no", ...keep];
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    port,
    url: (prefix) => `redis://127.0.0.1:${port}/0?prefix=${prefix}`,
    async start() {
      child = spawn("redis-server", [...words, ...(options.flags ?? [])], { stdio: "ignore" });
      await accepts(port);
    },
    async stop(signal = "SIGKILL") {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill(signal);
      await exit;
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async remove() {
      child?.kill("SIGCONT");
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Resolves when the server answers PING, if only by asking for a password; rejects after ten seconds. */
async function accepts(port: number): Promise<void> {
  const untilMs = Date.now() + 10_000;
  while (Date.now() < untilMs) {
    if (await answersPing(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`redis-server on port ${port} does not answer`);
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(500, () => end(false));
    socket.on("error", () => end(false));
    socket.on("data", (bytes) => end(/^(\+PONG|-NOAUTH)/.test(bytes.toString())));
    socket.write("PING\r\n");
  });
}
