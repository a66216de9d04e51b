/** Parses a request file for `explain`: JSON with an API or a path, and optional headers and body. */

import { z } from "zod";
import { operationNamed } from "../antom/catalogue/operations.ts";
import { identify } from "../antom/gateway.ts";
import { createFacts } from "../proxy/facts.ts";
import type { Facts } from "../rules/rule.ts";

const shape = z.strictObject({
  api: z.string().optional(),
  path: z.string().startsWith("/").optional(),
  method: z.string().default("POST"),
  clientId: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  way: z.enum(["http", "https", "http2", "connect"]).default("http"),
});

export type RequestFile =
  | { readonly kind: "ok"; readonly facts: Facts }
  | { readonly kind: "bad"; readonly message: string; readonly remedy: string };

const DEFAULT_CLIENT = "SANDBOX_5X00000000000000";
const REMEDY = 'write `{"api": "pay", "body": {…}}`; `path`, `method`, `clientId`, `headers` and `way` may be added';

/** The facts of the request in `text`, received at `nowMs` of the steady clock. */
export function readRequestFile(text: string, nowMs: number): RequestFile {
  const read = shape.safeParse(parse(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? "" : `\`${issue.path.join(".")}\`: `;
    return { kind: "bad", message: `${place}this is not a valid request`, remedy: REMEDY };
  }
  const { api, method, headers, body, way, clientId } = read.data;
  const path = read.data.path ?? (api === undefined ? undefined : operationNamed(api)?.sandboxPath);
  if (path === undefined)
    return { kind: "bad", message: `\`${api ?? ""}\` has no known path`, remedy: "name a known `api`, or give the `path`" };
  const lines = linesOf(headers, clientId);
  const request = { method, target: path, path, authority: undefined, headers: lines, body: bytesOf(body) };
  const arrival = { way, remoteAddress: "", localPort: 0, serverName: undefined, tunnelTo: undefined };
  return {
    kind: "ok",
    facts: createFacts(
      request,
      identify(request, () => true),
      arrival,
      nowMs,
    ),
  };
}

/** The header lines; a call without any client id gets one, because every call needs it. */
function linesOf(headers: Readonly<Record<string, string>>, clientId: string | undefined): string[] {
  const lines = Object.entries(headers).flat();
  const isNamed = Object.keys(headers).some((name) => /^(?:client-id|authorization)$/i.test(name));
  if (clientId !== undefined || !isNamed) lines.unshift("client-id", clientId ?? DEFAULT_CLIENT);
  return lines;
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
