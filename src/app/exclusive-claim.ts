/**
 * One owner of a file at a time, by a lock that the operating system lets go of when its process ends, however it ends. Node has no file locks, and a
 * process id in a file outlives its process, so the lock is a listening socket: a Unix domain socket beside the file, on Windows a named pipe.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, realpath, rename, rm, symlink, unlink } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { errorCode } from "../base/error-code.ts";
import { type Answer, askHolder, CLAIMING, OWNER } from "./ask-holder.ts";

export type Claim =
  /** `release` may be called more than once. */
  | { readonly kind: "owned"; readonly release: () => Promise<void> }
  /** A living process holds it. */
  | { readonly kind: "taken" }
  /** No lock can be made there; `reason` is the system's code. */
  | { readonly kind: "impossible"; readonly reason: string };

/** Programs that start at once step back and try again this often. */
const ATTEMPTS = 12;
const BACK_OFF_MS = 50;
/** A socket's address holds 104 bytes on macOS, 108 on Linux, its final zero included. */
const LONGEST_ADDRESS = 100;

/** Claims `file`, which need not exist; its folder must. Never rejects. */
export async function claimExclusively(file: string): Promise<Claim> {
  try {
    return await (process.platform === "win32" ? claimPipe(file) : claimSocket(file));
  } catch (error) {
    return { kind: "impossible", reason: errorCode(error) };
  }
}

/**
 * Each claimant listens on a name of its own that no other will ever use, then looks for others: who finds none is the owner. Of two that come at once at
 * least one sees the other, both may, and then both step back. A name whose process has died refuses connections, and is removed.
 */
async function claimSocket(file: string): Promise<Claim> {
  const folder = dirname(resolve(file));
  const prefix = `${shortName(basename(file))}.lock-`;
  const way = await reachableName(folder, prefix.length + "/0123456789ab.new".length);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const own = `${prefix}${randomBytes(6).toString("hex")}`;
      const holder = await hold(folder, way.path, own);
      const others = await answersOf({ folder, way: way.path, prefix, own });
      if (others.length === 0) {
        holder.own();
        return { kind: "owned", release: holder.release };
      }
      await holder.release();
      if (others.includes("owner") || attempt === ATTEMPTS) return { kind: "taken" };
      await pause(Math.random() * BACK_OFF_MS * attempt);
    }
  } finally {
    await way.remove();
  }
}

interface Holder {
  /** Claiming no longer: tells others so. */
  own(): void;
  release(): Promise<void>;
}

/** Listens under another name first, so that a name in the folder is a socket that accepts, or one whose process has died. */
async function hold(folder: string, way: string, name: string): Promise<Holder> {
  let state: string = CLAIMING;
  const server = createServer((socket) => {
    socket.on("error", () => undefined).end(state, () => socket.destroy());
  });
  await listen(server, join(way, `${name}.new`));
  await rename(join(folder, `${name}.new`), join(folder, name));
  return {
    own() {
      state = OWNER;
    },
    async release() {
      await unlink(join(folder, name)).catch(() => undefined);
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}

async function answersOf(place: {
  readonly folder: string;
  readonly way: string;
  readonly prefix: string;
  readonly own: string;
}): Promise<Answer[]> {
  const { folder, way, prefix, own } = place;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && !name.endsWith(".new") && name !== own);
  const answers = await Promise.all(
    names.map(async (name) => {
      const answer = await askHolder(join(way, name));
      if (answer === "dead") await unlink(join(folder, name)).catch(() => undefined);
      return answer;
    }),
  );
  return answers.filter((answer) => answer !== "dead");
}

function shortName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : createHash("sha256").update(name).digest("hex").slice(0, 16);
}

/** A path to the folder that fits into a socket's address: a long one is reached through a short link. */
async function reachableName(folder: string, nameLength: number): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const room = LONGEST_ADDRESS - nameLength;
  const near = relative(process.cwd(), folder) || ".";
  const short = [folder, near].find((path) => Buffer.byteLength(path) <= room);
  if (short !== undefined) return { path: short, remove: async () => undefined };
  const place = await mkdtemp(join(tmpdir(), "afp-"));
  await symlink(folder, join(place, "d"));
  return { path: join(place, "d"), remove: () => rm(place, { recursive: true, force: true }) };
}

async function claimPipe(file: string): Promise<Claim> {
  const folder = await realpath(dirname(resolve(file)));
  const identity = createHash("sha256")
    .update(join(folder, basename(file)).toLowerCase())
    .digest("hex");
  const server = createServer((socket) => socket.on("error", () => undefined).end(OWNER));
  const failed = await listen(server, `\\\\.\\pipe\\antom-fault-proxy-${identity.slice(0, 32)}`).catch(errorCode);
  if (failed === "EADDRINUSE") return { kind: "taken" };
  if (failed !== undefined) return { kind: "impossible", reason: failed };
  return { kind: "owned", release: () => new Promise((done) => void server.close(() => done())) };
}

/** Does not keep the process alive. */
function listen(server: Server, path: string): Promise<undefined> {
  return new Promise((done, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject).on("error", () => undefined);
      server.unref();
      done(undefined);
    });
  });
}
