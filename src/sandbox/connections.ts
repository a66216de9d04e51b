/** The stand-in's open connections, so that it can stop without cutting off a call and without waiting for idle clients. */
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

export interface Connections {
  /** Remembers a socket until it closes. */
  addSocket(socket: Socket): void;
  /** Remembers an HTTP/2 session until it closes. */
  addSession(session: ServerHttp2Session): void;
  /** A call began; the function given back says that it is over. */
  begin(): () => void;
  /** True once `drain` was called. */
  isDraining(): boolean;
  /** Resolves when no call is in flight any more, or after `deadlineMs`, having told every connection to close. */
  drain(deadlineMs: number): Promise<void>;
}

/** No connections yet. */
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
