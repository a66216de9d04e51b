/** How to point an SDK at this proxy, and what has come from it so far. */
import { z } from "zod";
import { sdkClients, sdkSetup } from "../../antom/sdk-setup.ts";
import { ok } from "../actions/result.ts";
import { arrivalsOf } from "./arrivals.ts";
import { type ApiRoute, defineRoute } from "./define-route.ts";
import { connectAnswer, statusAnswer } from "./views/answers.ts";

export const connectRoutes: readonly ApiRoute[] = [
  defineRoute({
    method: "GET",
    path: "/status",
    id: "getStatus",
    summary: "Addresses, key and version of this proxy",
    answer: statusAnswer,
    handle: (_, ports) =>
      ok({
        version: ports.version,
        listeners: [...ports.listeners],
        upstream: ports.upstream,
        standIn: ports.standIn,
        asksForToken: ports.asksForToken,
        publicKey: ports.endpoint.publicKey,
        publicKeyPem: ports.publicKeyPem,
        rulesFile: ports.rulesFile,
        nowMs: ports.clock.wall(),
      }),
  }),
  defineRoute({
    method: "GET",
    path: "/connect",
    id: "getConnect",
    summary: "Set-up lines for each official SDK with this proxy's addresses and key, and what arrived so far",
    query: z.object({ clientId: z.string().max(128).optional().describe("put into the set-up lines") }),
    answer: connectAnswer,
    handle({ query }, ports) {
      const endpoint = { ...ports.endpoint, clientId: query.clientId ?? ports.endpoint.clientId };
      const clients = sdkClients.map((client) => {
        const { title, code, notes, obstacle } = sdkSetup(client, endpoint);
        return { client, title, code, notes: [...notes], obstacle };
      });
      return ok({ clients, arrivals: arrivalsOf(ports.journal.entries({ bodyBytes: 0 })) });
    },
  }),
];
