/** Terminates TLS with our own certificates and dispatches by the negotiated protocol. */
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { LRUCache } from "lru-cache";
import { readAuthority } from "../../net/host-name.ts";
import type { Certificates } from "../certificates/certificates.ts";
import type { Leaf } from "../certificates/leaf.ts";
import { type OnDoorEvent, serverNameOf } from "./door.ts";

export interface TlsDoorOptions {
  readonly certificates: Certificates;
  readonly handshakeTimeoutMs: number;
  /** Called after a handshake; `tunnelTo` as given to `enter`. */
  readonly onSecure: (socket: TLSSocket, tunnelTo: string | undefined) => void;
  readonly onEvent: OnDoorEvent;
}

export interface TlsDoor {
  /** Takes over a connection whose first byte begins a handshake. */
  enter(socket: Socket, tunnelTo: string | undefined): void;
}

interface Room {
  readonly server: Server;
  leaf: Leaf;
}

/** CONNECT targets are few (the intercepted hosts), but clients choose their ports. */
const MOST_ROOMS = 100;

/** Uses one TLS server that never listens for direct connections, and one for each tunnel target, so that a finished handshake can be matched to its tunnel. */
export function createTlsDoor(options: TlsDoorOptions): TlsDoor {
  const rooms = new LRUCache<string, Room>({ max: MOST_ROOMS });
  return {
    enter(socket, tunnelTo) {
      const leaf = options.certificates.leafFor(tunnelTo === undefined ? undefined : readAuthority(tunnelTo)?.host);
      const room = rooms.get(tunnelTo ?? "") ?? createRoom(leaf, tunnelTo, options);
      rooms.set(tunnelTo ?? "", room);
      if (room.leaf !== leaf) renew(room, leaf);
      room.server.emit("connection", socket);
    },
  };
}

function createRoom(leaf: Leaf, tunnelTo: string | undefined, options: TlsDoorOptions): Room {
  const { certificates, onSecure, onEvent } = options;
  const server = createServer({
    // For clients that send no server name because they connect to an address.
    cert: leaf.certificatePem,
    key: leaf.keyPem,
    minVersion: "TLSv1.2",
    // `curl --http1.0` offers only `http/1.0`, and a handshake without a common protocol fails.
    ALPNProtocols: ["h2", "http/1.1", "http/1.0"],
    handshakeTimeout: options.handshakeTimeoutMs,
    SNICallback: (name, done) => done(null, certificates.contextFor(name)),
  });
  server.on("secureConnection", (socket) => onSecure(socket, tunnelTo));
  server.on("tlsClientError", (error, socket) => {
    const { remoteAddress = "" } = socket;
    onEvent({ kind: "handshake", remoteAddress, serverName: serverNameOf(socket), detail: error.message });
    // Node closes it after a failed handshake, but not after an unfinished one.
    socket.destroy();
  });
  return { server, leaf };
}

function renew(room: Room, leaf: Leaf): void {
  room.server.setSecureContext({ cert: leaf.certificatePem, key: leaf.keyPem, minVersion: "TLSv1.2" });
  room.leaf = leaf;
}
