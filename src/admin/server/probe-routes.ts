/** What machines ask: metrics, and whether the process is up and ready. */
import { type AdminApp, addRoute } from "../api/route.ts";

export interface ProbePorts {
  /** The Prometheus exposition. */
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** Why the proxy is not ready, each in a few words without secrets; empty when rules are loaded and the listeners open. */
  readonly notReady: () => readonly string[];
}

/** Adds `/metrics`, `/healthz` (the process answers) and `/readyz` (503 with the reasons while it is not ready). */
export function addProbeRoutes(app: AdminApp, ports: ProbePorts): void {
  addRoute(app, "/metrics", {
    GET: async (context) => context.body(await ports.metrics.text(), 200, { "content-type": ports.metrics.contentType }),
  });
  addRoute(app, "/healthz", { GET: (context) => context.json({ status: "ok" }) });
  addRoute(app, "/readyz", {
    GET: (context) => {
      const reasons = ports.notReady();
      return reasons.length === 0 ? context.json({ status: "ready" }) : context.json({ status: "not ready", reasons }, 503);
    },
  });
}
