/** Puts the REST interface on the admin server: every route, and the document that describes them. */
import type { AdminPorts } from "../ports.ts";
import { callRoutes } from "./call-routes.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { connectRoutes } from "./connect-routes.ts";
import type { ApiRoute } from "./define-route.ts";
import { liveRoute } from "./live-route.ts";
import { openApiDocument } from "./openapi.ts";
import { type AdminApp, type AdminContext, type AdminHandler, addRoute, type Method } from "./route.ts";
import { ruleRoutes } from "./rule-routes.ts";

const ROOT = "/api/v1";

/** Every route, those with a fixed path before those with a parameter in its place. */
export function apiRoutes(ending: AbortSignal): readonly ApiRoute[] {
  return [liveRoute(ending), ...ruleRoutes, ...callRoutes, ...catalogueRoutes, ...connectRoutes];
}

/** Adds all routes below `/api/v1`; streams end when `ending` aborts. */
export function addApiRoutes(app: AdminApp, ports: AdminPorts, ending: AbortSignal): void {
  const routes = apiRoutes(ending);
  const document = openApiDocument(routes, ports.version);
  addRoute(app, `${ROOT}/openapi.json`, { GET: (context) => context.json(document) });
  for (const [path, handlers] of byPath(routes, ports)) addRoute(app, ROOT + path.replaceAll(/\{(\w+)\}/g, ":$1"), handlers);
}

function byPath(routes: readonly ApiRoute[], ports: AdminPorts): Map<string, Partial<Record<Method, AdminHandler>>> {
  const paths = new Map<string, Partial<Record<Method, AdminHandler>>>();
  for (const route of routes) {
    paths.set(route.path, { ...paths.get(route.path), [route.method]: (context: AdminContext) => route.respond(context, ports) });
  }
  return paths;
}
