/** The admin server: metrics, probes, the REST interface and the page, behind one guard that every request passes first. */
import { createServer, type Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { urlOf } from "../../base/host-port.ts";
import { isLoopbackHost } from "../../net/address-guard.ts";
import { addApiRoutes } from "../api/mount.ts";
import type { AdminApp, AdminContext, AdminEnvironment } from "../api/route.ts";
import type { AdminPorts } from "../ports.ts";
import { judgeAccess } from "./access.ts";
import { addLoginRoutes, remoteAddressOf } from "./login-routes.ts";
import { addPageRoutes, dashboardFolder } from "./page-routes.ts";
import { addProbeRoutes, type ProbePorts } from "./probe-routes.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";
import { createSessions, type Sessions } from "./session.ts";
import { createTokenGuesses, type TokenGuesses } from "./token-guesses.ts";

export interface AdminOptions extends ProbePorts {
  /** Address to bind, such as `127.0.0.1`. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Required when `host` is not a loopback address; when given, asked for there as well. */
  readonly token?: string;
  /** Further names by which clients reach it (`proxy.test`, a container's name), without port. */
  readonly hostNames?: readonly string[];
  /** What the page and the REST interface work on; undefined: only metrics and probes are served. */
  readonly api?: AdminPorts;
  /** Where the built page lies; default: beside this file. */
  readonly pageFolder?: URL;
  /** Told of every bug; the request was answered 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface Admin {
  /** `http://host:port` as really bound; an unspecified address is shown as loopback. */
  readonly origin: string;
  readonly port: number;
  /** Stops accepting, ends streams and idle connections; what is being answered has two seconds to end. */
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 2000;
const STOP_SWEEP_MS = 20;
const BODY_BYTES = 256 * 1024;

/** Starts the server. Rejects when the address cannot be bound, or is off loopback without a token. */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  if (options.token === undefined && !isLoopbackHost(options.host)) {
    throw new Error(`the admin server needs a token to listen on \`${options.host}\`, which other machines reach`);
  }
  const ending = new AbortController();
  const app = await createApp(options, ending.signal);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, getRequestListener(app.fetch));
  const port = await listen(server, options);
  return { origin: urlOf("http", { host: options.host, port }), port, stop: () => stop(server, ending) };
}

async function createApp(options: AdminOptions, ending: AbortSignal): Promise<AdminApp> {
  const app: AdminApp = new Hono();
  const sessions = createSessions(options.token);
  const guesses = createTokenGuesses((ms) => delay(ms, undefined, { signal: ending }).catch(() => undefined));
  app.use(createGuard(options, sessions, guesses));
  app.use(bodyLimit({ maxSize: BODY_BYTES, onError: (context) => context.json({ error: "the body is too large" }, 413) }));
  addProbeRoutes(app, options);
  if (options.token !== undefined) addLoginRoutes(app, sessions, guesses);
  if (options.api !== undefined) {
    addApiRoutes(app, options.api, ending);
    await addPageRoutes(app, options.pageFolder ?? dashboardFolder);
  }
  app.notFound((context) => context.json({ error: "there is nothing here" }, 404));
  app.onError((error, context) => {
    options.onBug?.(error);
    return context.json({ error: "bug in the proxy, please report it" }, 500);
  });
  return app;
}

/** Stands before every route, known or not. A browser that lacks the token is led to the login. */
function createGuard(options: AdminOptions, sessions: Sessions, guesses: TokenGuesses): MiddlewareHandler<AdminEnvironment> {
  const policy = {
    hostNames: new Set((options.hostNames ?? []).map((name) => name.toLowerCase())),
    tokenRequired: options.token !== undefined,
  };
  return async (context, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    const authorization = context.req.header("authorization");
    const address = remoteAddressOf(context);
    if (policy.tokenRequired && authorization !== undefined && !guesses.mayTry(address)) {
      return context.json({ error: "too many wrong tokens: wait a moment" }, 429, { "retry-after": "2" });
    }
    const verdict = sessions.judge(authorization, context.req.header("cookie"));
    const access = judgeAccess(questionOf(context, verdict === "held"), policy);
    if (access.kind === "granted") return await next();
    if (verdict === "wrong") await guesses.wrong(address);
    return refuse(context, access.status, access.message);
  };
}

function refuse(context: AdminContext, status: 401 | 403 | 415, message: string): Response {
  if (status === 401 && isPageVisit(context)) return context.redirect("/login");
  if (status === 401) context.header("www-authenticate", "Bearer");
  return context.json({ error: message }, status);
}

function isPageVisit(context: AdminContext): boolean {
  return context.req.path === "/" && context.req.method === "GET" && (context.req.header("accept") ?? "").includes("text/html");
}

function questionOf(context: AdminContext, holdsToken: boolean): Parameters<typeof judgeAccess>[0] {
  const header = (name: string): string | undefined => context.req.header(name);
  return {
    method: context.req.method,
    path: context.req.path,
    host: header("host"),
    origin: header("origin"),
    fetchSite: header("sec-fetch-site"),
    fetchMode: header("sec-fetch-mode"),
    contentType: header("content-type"),
    localAddress: context.env.incoming.socket.localAddress,
    holdsToken,
  };
}

function listen(server: Server, options: AdminOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new Error(`cannot listen on \`${options.host}:${options.port}\`: ${error.message}`, { cause: error }));
    server.once("error", fail);
    server.listen(options.port, options.host, () => {
      server.off("error", fail);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : options.port);
    });
  });
}

async function stop(server: Server, ending: AbortController): Promise<void> {
  ending.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection may become idle only after its answer, which is on its way.
  const sweep = setInterval(() => server.closeIdleConnections(), STOP_SWEEP_MS);
  const timer = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}
