/** A front door on a free loopback port, with an echo of what came behind it, for listener tests. */
import { connect } from "node:net";
import type { RequestHead } from "../../src/http/message.ts";
import { type Ca, createCa } from "../../src/listeners/certificates/ca.ts";
import { createCertificates } from "../../src/listeners/certificates/certificates.ts";
import type { DoorEvent, DoorLimits, OnCall, OnUpgrade } from "../../src/listeners/connection/door.ts";
import { createFrontDoor, type FrontDoor } from "../../src/listeners/connection/front-door.ts";
import { type ConnectOptions, createConnectHandler } from "../../src/listeners/tunnel/connect.ts";
import type { TunnelPolicy } from "../../src/listeners/tunnel/tunnel-policy.ts";
import { readBody } from "../../src/listeners/wire/read-body.ts";
import type { Arrival } from "../../src/ports/ports.ts";

export const GATEWAY = "open-na.alipay.com";

/** What the echo saw and sends back as JSON. */
export interface Echo {
  readonly head: RequestHead;
  readonly body: string;
  readonly arrival: Arrival;
}

export interface OpenDoor {
  readonly port: number;
  readonly ca: Ca;
  readonly door: FrontDoor;
  readonly events: DoorEvent[];
}

export interface OpenDoorOptions {
  readonly onCall?: OnCall;
  readonly limits?: Partial<DoorLimits>;
  readonly policy?: Partial<TunnelPolicy>;
  readonly connect?: Partial<Omit<ConnectOptions, "policy">>;
  readonly onUpgrade?: OnUpgrade;
  readonly host?: string;
  readonly halt?: AbortController;
}

/** Answers every call with its Echo. */
export const echo: OnCall = (wire, arrival) => {
  void readBody(wire, 1e9).then((read) => {
    if (read.kind !== "whole") return;
    const seen: Echo = { head: wire.head, body: read.body.toString("latin1"), arrival };
    wire.respond(200, ["content-type", "application/json"]);
    wire.out.end(JSON.stringify(seen));
  });
};

const CA = createCa([GATEWAY, "proxy.test"], Date.now()).ca;

/** Opens the door; the caller stops it. */
export async function openDoor(options: OpenDoorOptions = {}): Promise<OpenDoor> {
  const events: DoorEvent[] = [];
  const onEvent = (event: DoorEvent): number => events.push(event);
  const policy = { intercepted: new Set([GATEWAY]), allowed: [], credentials: undefined, isOwn: () => false, ...options.policy };
  const door = createFrontDoor({
    certificates: createCertificates({ ca: CA, clock: { wall: Date.now, steady: Date.now } }),
    onCall: options.onCall ?? echo,
    createOnConnect: createConnectHandler({ policy, onEvent, ...options.connect }),
    onEvent,
    ...(options.onUpgrade && { onUpgrade: options.onUpgrade }),
    ...(options.limits && { limits: options.limits }),
    ...(options.halt && { halt: options.halt }),
  });
  const { port } = await door.listen({ host: options.host ?? "127.0.0.1", port: 0 });
  return { port, ca: CA, door, events };
}

/** Sends raw bytes, the pieces `gapMs` apart, and resolves with all that came until the other side closed. */
export async function talk(port: number, pieces: string | readonly string[], gapMs = 20): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  for (const piece of [pieces].flat()) {
    socket.write(Buffer.from(piece, "latin1"));
    await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
  await closed;
  return Buffer.concat(chunks).toString("latin1");
}
