/** One REST route as a value: its shapes (checked here, and the source of the OpenAPI document) and what it does. */
import { z } from "zod";
import { fail, ok, type Result } from "../actions/result.ts";
import type { AdminPorts } from "../ports.ts";
import { FAILURE_STATUS } from "./failure-status.ts";
import type { AdminContext, Method } from "./route.ts";

/** What the OpenAPI document says of a route. */
export interface RouteDescription {
  readonly method: Method;
  /** Below `/api/v1`, parameters in braces: `/calls/{id}`. */
  readonly path: string;
  /** Unique; the page's client calls it by this name. */
  readonly id: string;
  readonly summary: string;
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
}

export interface ApiRoute extends RouteDescription {
  readonly respond: (context: AdminContext, ports: AdminPorts) => Promise<Response> | Response;
}

type Shape<T> = T extends z.ZodType ? z.infer<T> : undefined;

/** A route that answers JSON. `handle` gets what the shapes read; wrong input is answered 400 before. */
export function defineRoute<
  A extends z.ZodType,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: {
  readonly method: Method;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly handle: (
    input: { readonly params: Shape<P>; readonly query: Shape<Q>; readonly body: Shape<B> },
    ports: AdminPorts,
  ) => Result<z.infer<A>> | Promise<Result<z.infer<A>>>;
}): ApiRoute {
  const { method, path, id, summary, params, query, body, answer, handle } = definition;
  return {
    ...{ method, path, id, summary, params, query, body, answer },
    async respond(context, ports) {
      const read = await readInput(context, { params, query, body });
      if (read.kind !== "ok") return send(context, read);
      // The shapes have just read it: what stands in `input` is what they infer.
      const input = read.value as { params: Shape<P>; query: Shape<Q>; body: Shape<B> };
      return send(context, await handle(input, ports));
    },
  };
}

/** Answers with `result`. */
export function send(context: AdminContext, result: Result<unknown>): Response {
  if (result.kind === "ok") return context.json(result.value ?? {});
  return context.json({ error: result.error, problems: result.problems }, FAILURE_STATUS[result.kind]);
}

interface Shapes {
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
}

async function readInput(context: AdminContext, shapes: Shapes): Promise<Result<Record<keyof Shapes, unknown>>> {
  const json = shapes.body === undefined ? ok(undefined) : await readJson(context);
  if (json.kind !== "ok") return json;
  const given = { params: context.req.param(), query: context.req.query(), body: json.value };
  const input: Record<keyof Shapes, unknown> = { params: undefined, query: undefined, body: undefined };
  for (const part of ["params", "query", "body"] as const) {
    const read = shapes[part]?.safeParse(given[part]);
    if (read?.success === false) return fail("invalid", `wrong ${part}: ${z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, " ")}`);
    input[part] = read?.data;
  }
  return ok(input);
}

async function readJson(context: AdminContext): Promise<Result<unknown>> {
  try {
    const value: unknown = await context.req.json();
    return ok(value);
  } catch {
    return fail("invalid", "the body is no JSON");
  }
}
