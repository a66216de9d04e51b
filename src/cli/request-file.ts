/** A request as a person writes it down for `explain`: JSON with an API or a path, and whatever of headers and body matters. */

import { z } from "zod";
import { operationAtPath, operationNamed } from "../antom/catalogue/operations.ts";
import { judge } from "../antom/guard.ts";
import { pathnameOf } from "../http/pathname.ts";
import { createFacts } from "../proxy/facts.ts";
import type { Facts } from "../rules/rule.ts";

const shape = z.strictObject({
  api: z.string().optional(),
  path: z.string().startsWith("/").optional(),
  method: z.string().default("POST"),
  clientId: z.string().default("SANDBOX_5X00000000000000"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  way: z.enum(["http", "https", "http2", "connect"]).default("http"),
});

export type RequestFile =
  | { readonly kind: "ok"; readonly facts: Facts }
  | { readonly kind: "bad"; readonly message: string; readonly remedy: string };

const REMEDY = 'write `{"api": "pay", "body": {…}}`; `path`, `method`, `clientId`, `headers` and `way` may be added';

/** The facts of the request that `text` holds, as if it came at `nowMs`. */
export function readRequestFile(text: string, nowMs: number): RequestFile {
  const read = shape.safeParse(parse(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? "" : `\`${issue.path.join(".")}\`: `;
    return { kind: "bad", message: `${place}this is no request`, remedy: REMEDY };
  }
  const { api, method, headers, body, way, clientId } = read.data;
  const path = read.data.path ?? (api === undefined ? undefined : operationNamed(api)?.sandboxPath);
  if (path === undefined)
    return { kind: "bad", message: `\`${api ?? ""}\` has no known path`, remedy: "name a known `api`, or give the `path`" };
  const operation = operationAtPath(pathnameOf(path));
  const lines = Object.entries({ "client-id": clientId, ...headers }).flat();
  const request = { method, target: path, path, authority: undefined, headers: lines, body: bytesOf(body) };
  const standing = judge({ path, operation, clientIds: [clientId], sandboxSession: true });
  const arrival = { way, remoteAddress: "", localPort: 0, serverName: undefined, tunnelTo: undefined };
  return { kind: "ok", facts: createFacts(request, { operation: operation?.name, clientId, standing }, arrival, nowMs) };
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
