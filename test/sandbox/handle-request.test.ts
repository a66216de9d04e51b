/** Whatever a request holds, it is answered in Antom's shape and never by a bug. */
import fc from "fast-check";
import t from "tap";
import { operations } from "../../src/antom/catalogue/operations.ts";
import { createSigner } from "../../src/antom/signature.ts";
import { createRequestHandler } from "../../src/sandbox/handle-request.ts";
import { createSandboxState } from "../../src/sandbox/sandbox-state.ts";
import { request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";

const state = createSandboxState((paymentId) => `http://stand-in/${paymentId}`);
const signer = { ...createSigner(makeKeys().privateKey), sign: async () => "signed", signCanned: async () => "signed" };
const handle = createRequestHandler({ state, signer, merchantKey: undefined, now: () => Date.UTC(2026, 10, 23) });
const paths = operations.flatMap(({ sandboxPath, kind }) => (kind === "call" && sandboxPath !== undefined ? [sandboxPath] : []));
const acted = paths.filter((path) => path.includes("/v1/payments/"));

/** Bodies that hold the names which the operations read, over values of any kind. */
const names =
  "productCode paymentRequestId paymentId paymentAmount paymentMethod order refundAmount captureAmount refundRequestId result status";
const name = fc.oneof(fc.constantFrom(...names.split(" ")), fc.string());
const anyBody = fc.oneof(
  fc.dictionary(name, fc.jsonValue()).map((body) => JSON.stringify(body)),
  fc.json(),
  fc.string(),
);
const anyPath = fc.oneof(
  fc.constantFrom(...acted),
  fc.constantFrom(...paths),
  fc.webPath({ size: "small" }),
  fc.string().map((text) => `/stand-in/cashier/${text}`),
);
const anyHeader = fc.oneof(
  fc.constantFrom("", "SANDBOX_A", "application/json", "multipart/form-data; boundary=x", "algorithm=RSA256"),
  fc.string(),
);

t.test("any path, method, headers and body", async (t) => {
  const everything = fc.record({
    path: anyPath,
    method: fc.constantFrom("POST", "POST", "POST", "GET", "DELETE"),
    clientId: fc.constantFrom("SANDBOX_A", "SANDBOX_B", "5X", ""),
    type: anyHeader,
    session: anyHeader,
    body: anyBody,
  });
  const holds = fc.assert(
    fc.asyncProperty(everything, async ({ path, method, clientId, type, session, body }) => {
      const headers = ["client-id", clientId, "request-time", "1", "signature", "s", "content-type", type, "x-session-id", session];
      const asked = { ...request(), path, target: path, method, headers, body: Buffer.from(body) };
      const { response, resultCode, operation } = await handle(asked);
      if (operation === "cashier") return response.status === 200 || response.status === 404;
      const answered: { result: { resultCode: string; resultStatus: string } } = JSON.parse(response.body.toString());
      return response.status === 200 && answered.result.resultCode === resultCode && /^[SFU]$/.test(answered.result.resultStatus);
    }),
    { numRuns: 2000 },
  );
  await t.resolves(holds, "answered");
});

t.test("all missing headers are named in one answer", async (t) => {
  const messageTo = async (headers: readonly string[]): Promise<string> => {
    const { response } = await handle({ ...request(), headers: [...headers, "content-type", "application/json"] });
    return JSON.parse(response.body.toString()).result.resultMessage;
  };
  t.match(await messageTo([]), /The headers `client-id`, `request-time` and `signature` are required\.$/);
  t.match(await messageTo(["client-id", "SANDBOX_A"]), /The headers `request-time` and `signature` are required\.$/);
  t.match(await messageTo(["client-id", "SANDBOX_A", "signature", "s"]), /The header `request-time` is required\.$/);
});
