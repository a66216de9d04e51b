/** Describes events of the listeners that never became a call, for the log. */
import type { DoorEvent } from "./door.ts";

/** A log line; `fields.door` is the event's kind. */
export interface DoorLine {
  /** `notice` also occurs in a correct set-up. */
  readonly kind: "notice" | "warning";
  /** What happened and, if possible, the remedy. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The alerts with which clients reject a certificate (RFC 8446 §6.2), in OpenSSL's spelling. */
const DISTRUST = /alert (?:unknown ca|bad certificate|certificate unknown|unsupported certificate)/i;

/** The line for `event`. */
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
      return { kind: "warning", message: `refused an invalid HTTP request: ${event.detail}`, fields: { door: "malformed", remoteAddress } };
    case "dropped":
      return { kind: "warning", message: "dropped a connection: there are too many", fields: { door: "dropped", remoteAddress } };
    case "stalled":
      return {
        kind: "warning",
        message: "closed a connection: the client read no byte of its answer within `--write-timeout`",
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
