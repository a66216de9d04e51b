/** Puts an answer on the wire: header lines as given, one length, and whatever a fault wants done to the connection. */
import { setTimeout as delay } from "node:timers/promises";
import type { Delivery } from "../../faults/fault.ts";
import { dropHeaders, headerValues, nameSet } from "../../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../../http/message.ts";
import type { GoneSignal } from "../../ports/ports.ts";
import type { Reply } from "../../proxy/transport.ts";
import type { Wire } from "./wire.ts";

/** How often a throttled body sends a piece. */
const TICK_MS = 100;
const CONTENT_LENGTH = nameSet(["content-length"]);

/** What ends an answer that never comes. */
export interface HangEnds {
  readonly gone: GoneSignal;
  /** Aborts when the listeners stop. */
  readonly halt: GoneSignal;
}

/** Sends `reply`, or does to the connection what its delivery says. Resolves when a slow answer is out; undefined where there is nothing to wait for. Fails on a bug only. */
export function writeAnswer(wire: Wire, { response, delivery }: Reply, ends: HangEnds): Promise<void> | undefined {
  if (wire.out.destroyed) return undefined;
  if (response === undefined) sever(wire, delivery, ends);
  else if (delivery?.kind === "throttle") return writeSlowly(wire, response, delivery.bytesPerSecond);
  else if (delivery?.kind === "truncate") writeTruncated(wire, response, delivery.afterBytes);
  else {
    writeHead(wire, response);
    wire.send(response.body);
  }
  return undefined;
}

function writeHead(wire: Wire, response: HttpResponse): void {
  wire.respond(response.status, isLengthOfAnother(wire, response) ? response.headers : withOneLength(response));
}

/** RFC 9110 §8.6: the length in an answer to HEAD, and in a 304, is that of the answer to a GET. */
function isLengthOfAnother({ head }: Wire, { status, body }: HttpResponse): boolean {
  return body.length === 0 && (status === 304 || head.method === "HEAD");
}

/** The lines with one length, the body's; mostly they have it already. */
function withOneLength({ status, headers, body }: HttpResponse): RawHeaders {
  const length = String(body.length);
  const given = headerValues(headers, "content-length");
  if (given.length === 1 && given[0] === length && hasBody(status)) return headers;
  const others = dropHeaders(headers, CONTENT_LENGTH);
  if (hasBody(status)) others.push("content-length", length);
  return others;
}

/** RFC 9110 §8.6: no length in 1xx and 204; a 304 has no body of its own. */
function hasBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

function sever(wire: Wire, delivery: Delivery | undefined, ends: HangEnds): void {
  switch (delivery?.kind) {
    case "hang":
      hang(wire, ends);
      return;
    case "reset":
      wire.reset();
      return;
    default:
      wire.end();
  }
}

/** Sends nothing until the client gives up: closes the connection, or its sending side; when the listeners stop it is reset. */
function hang(wire: Wire, { gone, halt }: HangEnds): void {
  const reset = (): void => wire.reset();
  const end = (): void => {
    wire.end();
    // The client gave up, not the proxy.
    wire.isBrokenOff = false;
  };
  if (halt.aborted) reset();
  else halt.addEventListener("abort", reset);
  if (gone.ended === true) end();
  else gone.addEventListener("end", end);
  wire.out.once("close", () => halt.removeEventListener("abort", reset));
}

function writeTruncated(wire: Wire, response: HttpResponse, afterBytes: number | undefined): void {
  const length = Math.min(afterBytes ?? Math.floor(response.body.length / 2), response.body.length);
  writeHead(wire, response);
  wire.out.write(response.body.subarray(0, length), () => {
    wire.sentBytes = length;
    wire.end();
  });
}

async function writeSlowly(wire: Wire, response: HttpResponse, bytesPerSecond: number): Promise<void> {
  const { out } = wire;
  writeHead(wire, response);
  const perTick = Math.max(1, Math.floor((bytesPerSecond * TICK_MS) / 1000));
  const tickMs = Math.max(TICK_MS, Math.floor(1000 / bytesPerSecond));
  for (let sent = 0; sent < response.body.length && !out.destroyed; sent += perTick) {
    const piece = response.body.subarray(sent, sent + perTick);
    out.write(piece);
    wire.sentBytes += piece.length;
    await delay(tickMs);
  }
  out.end();
}
