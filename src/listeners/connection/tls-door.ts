/** Ends TLS with our own certificates and sorts what is inside by the protocol agreed on. */
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
  /** A finished handshake; `tunnelTo` as given to `enter`. */
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

/** CONNECT targets are few (the intercepted hosts), but their ports are the client's to choose. */
const MOST_ROOMS = 100;

/** One TLS server that never listens for direct connections, and one for each tunnel target, so that a finished handshake knows where its tunnel leads. */
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
    // For clients that send no server name: those that dial an address.
    cert: leaf.certificatePem,
    key: leaf.keyPem,
    minVersion: "TLSv1.2",
    // `curl --http1.0` offers `http/1.0` alone, and a handshake without a common protocol fails.
    ALPNProtocols: ["h2", "http/1.1", "http/1.0"],
    handshakeTimeout: options.handshakeTimeoutMs,
    SNICallback: (name, done) => done(null, certificates.contextFor(name)),
  });
  server.on("secureConnection", (socket) => onSecure(socket, tunnelTo));
  server.on("tlsClientError", (error, socket) => {
    const { remoteAddress = "" } = socket;
    onEvent({ kind: "handshake", remoteAddress, serverName: serverNameOf(socket), detail: error.message });
    // Node closes it after a failed handshake, but not after one that never ended.
    socket.destroy();
  });
  return { server, leaf };
}

function renew(room: Room, leaf: Leaf): void {
  room.server.setSecureContext({ cert: leaf.certificatePem, key: leaf.keyPem, minVersion: "TLSv1.2" });
  room.leaf = leaf;
}
