import t from "tap";
import { createGateway } from "../../src/antom/gateway.ts";
import type { RawHeaders } from "../../src/http/message.ts";

const gateway = createGateway({
  signer: { sign: async () => "", signCanned: async () => "" },
  antomKey: undefined,
  resign: "all",
  now: () => 0,
  steady: () => 0,
});

function standingOf(path: string, headers: RawHeaders): string {
  return gateway.identify({ method: "POST", target: path, path, authority: undefined, headers }).standing.kind;
}

t.test("a client id that Connection strips on the way vouches for nothing: what is judged is what the gateway gets", async (t) => {
  const clientId = ["client-id", "SANDBOX_5X00000000000000"];
  for (const path of ["/ams/sandbox/api/v1/payments/pay", "/ams/api/v1/risk/payments/decide"]) {
    t.equal(standingOf(path, clientId), "sandbox", path);
    t.equal(standingOf(path, [...clientId, "Connection", "close, Client-Id"]), "refused", path);
  }
});

t.test("a call with an API key is known by the client id in its key, or by none", async (t) => {
  const path = "/ams/sandbox/api/v1/payments/pay";
  const identify = (headers: RawHeaders) => gateway.identify({ method: "POST", target: path, path, authority: undefined, headers });
  const key = `Bearer isak_TEST_${Buffer.from("SANDBOX_A").toString("base64")}_0`;
  t.match(identify(["authorization", key]), { operation: "pay", clientId: "SANDBOX_A", apiKey: "test", standing: { kind: "sandbox" } });
  t.match(identify(["authorization", "Bearer irak_TEST_?_0".replace("?", "~")]), { clientId: undefined, apiKey: "test" });
  t.match(identify(["client-id", "SANDBOX_B", "authorization", key]), { clientId: "SANDBOX_B", apiKey: "test" });
  t.match(identify(["client-id", "SANDBOX_B"]), { clientId: "SANDBOX_B", apiKey: undefined });
});
