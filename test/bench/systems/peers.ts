/** Peers that the benchmark brings along, each a small server of its own. */
import type { Site, System } from "../system.ts";
import { isMockttpHere } from "./mockttp-package.ts";
import { startServer } from "./start-server.ts";

export const bareHttpProxy: System = peer("http-proxy, default agent", "untouched", "bare-http-proxy", ({ upstream }) => ({ upstream }));

export const keepAliveHttpProxy: System = peer("http-proxy, keep-alive agent", "untouched", "bare-http-proxy", ({ upstream }) => ({
  upstream,
  agent: "keep-alive",
}));

export const signingHttpProxy: System = peer("http-proxy selfHandleResponse, verify + sign", "resigned", "signing-http-proxy", withKeys);

export const undiciForwarder: System = peer("node:http + undici by hand", "untouched", "undici-forwarder", ({ upstream }) => ({
  upstream,
}));

export const mockttpForward: System = peer("mockttp", "untouched", "mockttp", ({ upstream }) => ({ upstream, mode: "forward" }));

export const mockttpResign: System = peer("mockttp beforeResponse, verify + sign", "resigned", "mockttp", (site) => ({
  ...withKeys(site),
  mode: "resign",
}));

export const mockttpCanned: System = peer("mockttp canned, unsigned", "overridden-unsigned", "mockttp", () => ({ mode: "canned" }));

function withKeys({ upstream, folder }: Site): Record<string, string> {
  return { upstream, "gateway-key": folder.files.gatewayPublic, "own-key": folder.files.proxyPrivate };
}

function peer(name: string, expect: System["expect"], server: string, words: (site: Site) => Record<string, string>): System {
  return {
    name,
    expect,
    isHere: server === "mockttp" ? isMockttpHere : () => true,
    start: (site) => startServer(server, words(site), site),
  };
}
