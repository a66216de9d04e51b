/** startSandbox() over real connections: signatures, header lines, options, stopping. */

import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import t from "tap";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { makeKeys } from "../helpers/keys.ts";
import { type Came, createMerchant } from "../helpers/merchant.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";

const merchant = createMerchant();

/** All bytes that the server sends in answer to `text`, once it has closed. */
function raw(origin: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1", () => socket.write(text));
    let came = "";
    socket.on("data", (chunk) => {
      came += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(came));
  });
}

t.test("a payment's whole story, every answer accepted by openssl and refused with one byte changed", async (t) => {
  const sandbox = await startSandbox({ merchantPublicKey: merchant.keys.publicPem });
  t.teardown(() => sandbox.stop());
  const call = async (operation: string, body: unknown): Promise<Came> => {
    const came = await merchant.call(sandbox.origin, operation, body);
    const signature = String(came.headers["signature"]);
    t.ok(opensslAccepts(sandbox.publicKeyPem, signature, came.signedText), `${operation}: accepted`);
    t.notOk(opensslAccepts(sandbox.publicKeyPem, signature, corrupted(came.signedText)), `${operation}: the corrupted twin is refused`);
    t.equal(came.headers["client-id"], merchant.clientId);
    t.match(came.headers["response-time"], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    return came;
  };
  const paid = (await call("pay", payBody(manualCapture))).json;
  const { paymentId } = paid;
  t.match((await call("inquiryPayment", { paymentId })).json, { paymentStatus: "SUCCESS", paymentRequestId: "pay-1" });
  t.match((await call("capture", captureBody(paymentId, "800"))).json.result, { resultCode: "SUCCESS" });
  t.match((await call("refund", refundBody(paymentId, "300"))).json.result, { resultCode: "SUCCESS" });
  t.match((await call("inquiryRefund", { refundRequestId: "refund-1" })).json, { refundStatus: "SUCCESS", refundAmount: { value: "300" } });
  const types = (await call("inquiryPayment", { paymentId })).json.transactions.map(
    (one: { transactionType: string }) => one.transactionType,
  );
  t.same(types, ["CAPTURE", "REFUND"]);
  t.match((await call("cancel", { paymentId })).json.result, { resultCode: "ORDER_STATUS_INVALID" });
});

t.test("on the wire the three lines stand once each, in lower case, in the one spelling that all SDKs read", async (t) => {
  const sandbox = await startSandbox();
  t.teardown(() => sandbox.stop());
  const body = JSON.stringify(payBody());
  const head = `POST /ams/sandbox/api/v1/payments/pay HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCLIENT-ID: SANDBOX_A\r\nRequest-Time: 1\r\nSignature: s\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const came = await raw(sandbox.origin, head + body);
  const lines = came.slice(0, came.indexOf("\r\n\r\n")).split("\r\n");
  t.equal(lines[0], "HTTP/1.1 200 OK");
  const reserved = lines.filter((line) => /signature|response-time|client-id/i.test(line));
  t.equal(reserved.length, 3);
  t.ok(reserved.includes("client-id: SANDBOX_A"));
  t.ok(reserved.some((line) => /^response-time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(line)));
  t.ok(reserved.some((line) => /^signature: algorithm=RSA256,keyVersion=1,signature=(?:[A-Za-z0-9]|%2B|%2F|%3D)+$/.test(line)));
  t.ok(lines.includes("content-type: application/json; charset=UTF-8"));
});

t.test("the answers are signed with the key that was given, whatever form it is given in", async (t) => {
  const { privateKey, publicPem } = makeKeys();
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const base64 = privateKey.export({ type: "pkcs1", format: "der" }).toString("base64");
  for (const signingKey of [privateKey, pem, base64]) {
    const sandbox = await startSandbox({ signingKey });
    const came = await merchant.call(sandbox.origin, "pay", payBody());
    await sandbox.stop();
    t.equal(sandbox.publicKeyPem, publicPem);
    t.ok(opensslAccepts(publicPem, String(came.headers["signature"]), came.signedText));
  }
  await t.rejects(startSandbox({ signingKey: "nonsense!" }), /neither PEM nor base64/);
  await t.rejects(startSandbox({ merchantPublicKey: pem }), /private key/);
});

t.test("a port that is taken is reported", async (t) => {
  const sandbox = await startSandbox();
  t.teardown(() => sandbox.stop());
  await t.rejects(startSandbox({ port: Number(new URL(sandbox.origin).port) }), { code: "EADDRINUSE" });
});

t.test("payments can be looked at and forgotten", async (t) => {
  const sandbox = await startSandbox();
  t.teardown(() => sandbox.stop());
  await merchant.call(sandbox.origin, "pay", payBody({ id: "a" }));
  await merchant.call(sandbox.origin, "pay", payBody({ id: "b", method: wallet }));
  t.match(sandbox.payments(), [
    { paymentRequestId: "a", status: "SUCCESS" },
    { paymentRequestId: "b", status: "PROCESSING" },
  ]);
  sandbox.reset();
  t.same(sandbox.payments(), []);
  const asked = await merchant.call(sandbox.origin, "inquiryPayment", { paymentRequestId: "a" });
  t.equal(asked.json.result.resultCode, "ORDER_NOT_EXIST");
});

t.test("time, latency and log are the caller's", async (t) => {
  const slept: number[] = [];
  const lines: string[] = [];
  const clock = { wall: () => Date.UTC(2030, 0, 1), steady: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const sandbox = await startSandbox({ clock, latencyMs: 250, log: (line) => lines.push(line) });
  t.teardown(() => sandbox.stop());
  const came = await merchant.call(sandbox.origin, "pay", payBody());
  t.equal(came.headers["response-time"], "2030-01-01T00:00:00+00:00");
  t.equal(came.json.paymentTime, "2030-01-01T00:00:00+00:00");
  t.same(slept, [250]);
  t.same(lines, [`pay ${merchant.clientId} SUCCESS 0.0 ms`]);
});

t.test("one connection serves many calls", async (t) => {
  const sandbox = await startSandbox();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(async () => {
    agent.destroy();
    await sandbox.stop();
  });
  const ports = new Set<number | undefined>();
  for (let count = 0; count < 5; count += 1) {
    await new Promise<void>((resolve, reject) => {
      const call = httpRequest(`${sandbox.origin}/x`, { agent, method: "POST" }, (answer) => {
        ports.add(answer.socket.localPort);
        answer.resume().on("end", resolve);
      });
      call.on("error", reject);
      call.end("{}");
    });
  }
  t.equal(ports.size, 1);
});
