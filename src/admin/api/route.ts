/** How a route of the admin server is registered: its methods, and 405 with `Allow` for every other one. */
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";

export interface AdminEnvironment {
  readonly Bindings: HttpBindings;
}

export type AdminApp = Hono<AdminEnvironment>;
export type AdminContext = Context<AdminEnvironment>;
export type AdminHandler = (context: AdminContext) => Response | Promise<Response>;
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Answers `path` with `handlers`; HEAD goes where GET goes. */
export function addRoute(app: AdminApp, path: string, handlers: Partial<Record<Method, AdminHandler>>): void {
  const methods = Object.keys(handlers);
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].join(", ");
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
  app.all(path, (context) => context.json({ error: `\`${path}\` answers ${allow} only` }, 405, { allow }));
}
