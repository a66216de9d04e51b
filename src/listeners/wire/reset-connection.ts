/** Breaks a connection off with a TCP reset, through all the TLS on it. */
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** What the other side sees is ECONNRESET, not the polite end of a TLS session; where Node hides the socket below, the connection just ends. */
export function resetConnection(socket: Socket): void {
  if (!(socket instanceof TLSSocket)) {
    socket.resetAndDestroy();
    return;
  }
  // Node resets TCP sockets only, and names the one below TLS nowhere but here.
  const below: unknown = Reflect.get(socket, "_parent");
  if (below instanceof Socket) {
    closeWith(below, socket);
    resetConnection(below);
  }
  socket.destroy();
}

/** TLS inside TLS: Node does not emit the inner connection's `close` when the outer one was destroyed first, and its call would never end. */
function closeWith(below: Socket, socket: TLSSocket): void {
  let isClosed = false;
  socket.once("close", () => {
    isClosed = true;
  });
  below.once("close", () => setImmediate(() => isClosed || socket.emit("close", true)));
}
