/** The connections of the stream lane: keep-alive agents of node:http and node:https, directly or through a corporate proxy. */
import { type Agent as HttpAgent, Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { timeoutError } from "./deadlines.ts";
import { trustedCas } from "./dispatchers.ts";
import type { ProxyFor } from "./proxy-choice.ts";
import { openTunnel } from "./tunnel.ts";

export interface AgentOptions {
  readonly proxyFor?: ProxyFor | undefined;
  readonly extraCa?: readonly string[] | undefined;
  readonly connectTimeoutMs: number;
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** The agent for an origin; its idle sockets do not keep the process alive. */
export function createAgents(options: AgentOptions): (origin: string) => HttpAgent {
  const ca = trustedCas(options.extraCa);
  const secure = new SecureAgent({ keepAlive: true, ...(ca && { ca: [...ca] }) });
  const plain = new PlainAgent({ keepAlive: true });
  const tunnelled = new Map<string, HttpAgent>();
  return (origin) => {
    const isSecure = origin.startsWith("https:");
    const proxy = options.proxyFor?.(origin);
    if (proxy === undefined) return isSecure ? secure : plain;
    const key = `${isSecure} ${proxy.href}`;
    const agent = tunnelled.get(key) ?? createTunnelAgent(proxy, isSecure, ca, options.connectTimeoutMs);
    tunnelled.set(key, agent);
    return agent;
  };
}

/** An agent whose connections are tunnels: Node takes a socket that comes later through the callback. */
function createTunnelAgent(proxy: URL, isSecure: boolean, ca: readonly string[] | undefined, timeoutMs: number): HttpAgent {
  const agent = isSecure ? new SecureAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
  agent.createConnection = (target, connected?: Connected) => {
    const host = target.host ?? "";
    openTunnel({ proxy, host, port: Number(target.port), timeoutMs, ca }).then(
      (socket) => {
        if (!isSecure) return connected?.(null, socket);
        const servername = "servername" in target && typeof target.servername === "string" ? target.servername : host;
        const secured = tlsConnect({ socket, servername, ...(ca && { ca: [...ca] }) });
        secured.once("error", (error) => connected?.(error, secured));
        secured.setTimeout(timeoutMs, () => secured.destroy(timeoutError(`no TLS with ${host} within ${timeoutMs} ms`)));
        secured.once("secureConnect", () => {
          secured.setTimeout(0);
          connected?.(null, secured);
        });
      },
      (error: Error) => connected?.(error, new Socket()), // Node looks at the socket only where there is no error
    );
    return undefined;
  };
  return agent;
}
