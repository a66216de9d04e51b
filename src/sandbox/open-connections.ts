/** Tracks the stand-in's open connections, so that it can stop after the calls in flight without waiting for idle clients. */
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

export interface Connections {
  /** Tracks a socket until it closes. */
  addSocket(socket: Socket): void;
  /** Tracks an HTTP/2 session until it closes. */
  addSession(session: ServerHttp2Session): void;
  /** Registers the start of a call; call the returned function when the call ends. */
  begin(): () => void;
  /** True after `drain` was called. */
  isDraining(): boolean;
  /** Asks every connection to close; resolves when no call is in flight, or after `deadlineMs`. */
  drain(deadlineMs: number): Promise<void>;
}

/** Creates an empty tracker. */
export function createConnections(): Connections {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let calls = 0;
  let draining = false;
  let onIdle: () => void = () => undefined;
  return {
    addSocket: (socket) => keepUntilClosed(sockets, socket),
    addSession: (session) => keepUntilClosed(sessions, session),
    begin() {
      calls += 1;
      return () => {
        calls -= 1;
        if (calls === 0) onIdle();
      };
    },
    isDraining: () => draining,
    async drain(deadlineMs) {
      draining = true;
      for (const session of sessions) session.close();
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      if (calls > 0) await soonerOf(idle, deadlineMs);
      for (const socket of sockets) socket.destroySoon();
    },
  };
}

function keepUntilClosed<T extends Socket | ServerHttp2Session>(kept: Set<T>, one: T): void {
  kept.add(one);
  one.once("close", () => kept.delete(one));
}

async function soonerOf(idle: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([idle, late]);
  clearTimeout(timer);
}
