/** What the front door saw that never became a call, in words: for the log, and for whoever wonders why nothing arrives. */
import type { DoorEvent } from "./door.ts";

/** A line of the log; `fields.door` is the event's kind. */
export interface DoorLine {
  /** `notice` is what happens in a healthy set-up too. */
  readonly kind: "notice" | "warning";
  /** Says what happened and, where something can be done, what. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The alerts by which clients say that they do not accept a certificate (RFC 8446 §6.2), as OpenSSL spells them. */
const DISTRUST = /alert (?:unknown ca|bad certificate|certificate unknown|unsupported certificate)/i;

/** The line that tells of `event`. */
export function describeDoorEvent(event: DoorEvent): DoorLine {
  const { remoteAddress } = event;
  switch (event.kind) {
    case "handshake":
      return {
        kind: "warning",
        message: handshakeText(event.detail, event.serverName),
        fields: { door: "handshake", remoteAddress, detail: event.detail },
      };
    case "malformed":
      return { kind: "warning", message: `refused what is no sound HTTP: ${event.detail}`, fields: { door: "malformed", remoteAddress } };
    case "dropped":
      return { kind: "warning", message: "dropped a connection: there are too many", fields: { door: "dropped", remoteAddress } };
    case "stalled":
      return {
        kind: "warning",
        message: "broke off a client that took no byte of its answer for the time that `--write-timeout` gives",
        fields: { door: "stalled", remoteAddress },
      };
    case "connect":
      return {
        kind: event.outcome === "intercepted" || event.outcome === "tunnelled" ? "notice" : "warning",
        message: connectText(event),
        fields: { door: "connect", remoteAddress, target: event.target, outcome: event.outcome },
      };
    default:
      return event satisfies never;
  }
}

function handshakeText(detail: string, serverName: string | undefined): string {
  const asked = serverName === undefined ? "without a server name" : `for \`${serverName}\``;
  if (DISTRUST.test(detail)) {
    return `a client that asked ${asked} does not trust the proxy's certificate: \`antom-fault-proxy ca\` prints how to make it`;
  }
  return `a TLS handshake ${asked} failed: ${detail}`;
}

function connectText({ target, outcome, detail }: Extract<DoorEvent, { kind: "connect" }>): string {
  switch (outcome) {
    case "intercepted":
      return `opened the tunnel to \`${target}\``;
    case "tunnelled":
      return `a tunnel to \`${target}\` passes untouched`;
    case "refused":
      return `refused a tunnel to \`${target}\`: ${detail}`;
    case "failed":
      return `a tunnel to \`${target}\` failed: ${detail}`;
    default:
      return outcome satisfies never;
  }
}
