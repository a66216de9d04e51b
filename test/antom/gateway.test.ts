import { gzipSync } from "node:zlib";
import t from "tap";
import { createGateway } from "../../src/antom/gateway.ts";
import { createSigner } from "../../src/antom/signature.ts";
import type { RawHeaders } from "../../src/http/message.ts";
import { signatureOver, signedText } from "../helpers/antom-origin.ts";
import { identity, request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";

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

const SESSION_PATH = "/ams/sandbox/api/v1/meter/createSession";
const EVENT_PATH = "/ams/api/v1/meter/uploadEvent";

t.test("a session is learned from decoded content that Antom vouches for, and from nothing else", async (t) => {
  const antom = makeKeys();
  const body = Buffer.from('{"result":{"resultCode":"SUCCESS"},"sessionId":"S1"}');
  const asked = request({ path: SESSION_PATH, target: SESSION_PATH });
  const clientId = "SANDBOX_5X00000000000000";
  const time = "2026-11-23T08:00:00+00:00";
  const signature = signatureOver(signedText(SESSION_PATH, clientId, time, body), antom.privateKey);
  const signed = ["client-id", clientId, "response-time", time, "signature", signature];
  const corruptedTwin = ["client-id", clientId, "response-time", "2026-11-23T08:00:01+00:00", "signature", signature];
  for (const [name, hasKey, resign, headers, maker, expected] of [
    ["valid", true, "all", signed, "gateway", "sandbox"],
    ["valid, compressed", true, "all", [...signed, "content-encoding", "gzip"], "gateway", "sandbox"],
    ["valid, not signed again", true, "overridden", signed, "gateway", "sandbox"],
    ["invalid", true, "all", corruptedTwin, "gateway", "refused"],
    ["invalid, not signed again", true, "overridden", corruptedTwin, "gateway", "refused"],
    ["missing, with a key", true, "all", [], "gateway", "refused"],
    ["missing, with a key, not signed again", true, "overridden", [], "gateway", "refused"],
    ["missing, without a key", false, "all", [], "gateway", "sandbox"],
    ["half a head, without a key", false, "all", ["response-time", time], "gateway", "refused"],
    ["unchecked", false, "all", signed, "gateway", "sandbox"],
    ["a rule's own", true, "all", [], "proxy", "refused"],
  ] as const) {
    const antomKey = hasKey ? antom.publicKey : undefined;
    const learning = createGateway({ signer: createSigner(antom.privateKey), antomKey, resign, now: () => 0, steady: () => 0 });
    const response = { status: 200, headers, body: name.endsWith("compressed") ? gzipSync(body) : body };
    const identified = identity({ operation: "meter.createSession" });
    const theirs = maker === "gateway" ? { response, content: body } : undefined;
    await learning.seal({ request: asked, identity: identified, response, content: body, maker, theirs, changed: maker === "proxy" });
    const upload = { method: "POST", target: EVENT_PATH, path: EVENT_PATH, authority: undefined, headers: ["X-Session-Id", "S1"] };
    t.equal(learning.identify(upload).standing.kind, expected, name);
  }
});

t.test("codings that cannot be decoded are struck from accept-encoding where the answer is signed again, and nowhere else", async (t) => {
  const headers = ["Accept-Encoding", "gzip, zstd", "Client-Id", "SANDBOX_5X00000000000000"];
  const asked = request({ headers });
  const struck = ["Accept-Encoding", "gzip", "Client-Id", "SANDBOX_5X00000000000000"];
  const sparing = createGateway({
    signer: { sign: async () => "", signCanned: async () => "" },
    antomKey: undefined,
    resign: "overridden",
    now: () => 0,
    steady: () => 0,
  });
  t.same(gateway.outgoing(asked, identity(), false).headers, struck);
  t.same(gateway.outgoing(asked, identity(), false).body, asked.body);
  t.same(sparing.outgoing(asked, identity(), true).headers, struck);
  t.equal(sparing.outgoing(asked, identity(), false), asked);
  t.equal(gateway.outgoing(asked, identity({ operation: "meter.uploadEvent" }), false), asked);
  const plain = request({ headers: ["accept-encoding", "gzip, deflate, br"] });
  t.equal(gateway.outgoing(plain, identity(), false), plain, "the very same request where nothing is struck");
});
