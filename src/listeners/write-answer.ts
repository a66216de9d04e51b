/** Puts an answer on the wire: header lines as given, one length, and whatever a fault wants done to the connection. */
import { setTimeout as delay } from "node:timers/promises";
import type { Delivery } from "../faults/fault.ts";
import { dropHeaders, headerValues, nameSet } from "../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../http/message.ts";
import type { Reply } from "../proxy/handle.ts";
import type { Wire } from "./wire.ts";

/** How often a throttled body sends a piece. */
const TICK_MS = 100;
const CONTENT_LENGTH = nameSet(["content-length"]);

/** Sends `reply`, or does to the connection what its delivery says. Resolves when a slow answer is out; undefined where there is nothing to wait for. Fails on a bug only. */
export function writeAnswer(wire: Wire, { response, delivery }: Reply): Promise<void> | undefined {
  if (wire.out.destroyed) return undefined;
  if (response === undefined) sever(wire, delivery);
  else if (delivery?.kind === "throttle") return writeSlowly(wire, response, delivery.bytesPerSecond);
  else if (delivery?.kind === "truncate") writeTruncated(wire, response, delivery.afterBytes);
  else {
    writeHead(wire, response);
    wire.out.end(response.body);
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

function sever(wire: Wire, delivery: Delivery | undefined): void {
  switch (delivery?.kind) {
    case "hang":
      // Nothing is sent; the connection's own close ends the wait.
      return;
    case "reset":
      wire.reset();
      return;
    default:
      wire.end();
  }
}

function writeTruncated(wire: Wire, response: HttpResponse, afterBytes: number | undefined): void {
  const length = Math.min(afterBytes ?? Math.floor(response.body.length / 2), response.body.length);
  writeHead(wire, response);
  wire.out.write(response.body.subarray(0, length), () => wire.end());
}

async function writeSlowly(wire: Wire, response: HttpResponse, bytesPerSecond: number): Promise<void> {
  const { out } = wire;
  writeHead(wire, response);
  const perTick = Math.max(1, Math.floor((bytesPerSecond * TICK_MS) / 1000));
  const tickMs = Math.max(TICK_MS, Math.floor(1000 / bytesPerSecond));
  for (let sent = 0; sent < response.body.length && !out.destroyed; sent += perTick) {
    out.write(response.body.subarray(sent, sent + perTick));
    await delay(tickMs);
  }
  out.end();
}
