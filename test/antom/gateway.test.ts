import t from "tap";
import { createGateway } from "../../src/antom/gateway.ts";
import type { RawHeaders } from "../../src/http/message.ts";

const gateway = createGateway({
  signer: { sign: async () => "", signCanned: async () => "" },
  antomKey: undefined,
  resign: "all",
  now: () => 0,
});

function standingOf(path: string, headers: RawHeaders): string {
  return gateway.identify({ method: "POST", target: path, path, authority: undefined, headers }).standing.kind;
}

t.test("a client id that Connection strips on the way vouches for nothing: what is judged is what the gateway gets", async (t) => {
  const clientId = ["client-id", "SANDBOX_5X00000000000000"];
  for (const path of ["/ams/sandbox/api/v1/payments/pay", "/ams/api/v1/risk/payments/decide"]) {
    t.equal(standingOf(path, clientId), "sandbox", path);
    t.not(standingOf(path, [...clientId, "Connection", "close, Client-Id"]), "sandbox", path);
  }
});
