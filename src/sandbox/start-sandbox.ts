/** startSandbox(): runs a stand-in for Antom's sandbox on its own port, for the program's default upstream and for tests. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { parsePrivateKey, parsePublicKey, publicKeyForms } from "../antom/keys.ts";
import { createSigner } from "../antom/signature.ts";
import type { Clock } from "../base/clock.ts";
import { urlOf } from "../base/host-port.ts";
import { systemClock } from "../base/machine-clock.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { CASHIER_PATH } from "./cashier.ts";
import { createRequestHandler } from "./handle-request.ts";
import type { Payment } from "./payment.ts";
import { reply } from "./reply.ts";
import { clearSandboxState, createSandboxState, type SandboxState } from "./sandbox-state.ts";
import { serve, type TlsFiles } from "./serve.ts";
import { plainAnswer } from "./signed-answer.ts";

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Verifies callers' signatures: a KeyObject, PEM, or bare base64. Default: signatures are not verified. */
  readonly merchantPublicKey?: KeyObject | string;
  /** Signs the answers: a KeyObject, PEM, or bare base64. Default: a new RSA-2048 key. */
  readonly signingKey?: KeyObject | string;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Receives one line per call: operation, client id, result code, milliseconds. */
  readonly log?: (line: string) => void;
  /** Delay of every answer in milliseconds; default 0. */
  readonly latencyMs?: number;
  /** Serves https, with HTTP/2 for clients that support it. Default: http. */
  readonly tls?: TlsFiles;
}

/** A running stand-in. */
export interface Sandbox {
  /** `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** The key that verifies the answers, as PEM. */
  readonly publicKeyPem: string;
  /** The same key in the form that SDKs accept: one line of base64. */
  readonly publicKeyBase64: string;
  /** The stored payments, oldest first. */
  payments(): readonly Payment[];
  /** Removes all payments, refunds and cached answers. */
  reset(): void;
  /** Finishes calls in flight, then closes every connection. */
  stop(): Promise<void>;
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

/** Starts a stand-in. Rejects when a key cannot be read or the address cannot be bound. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", port = 0, tls } = options;
  const signingKey = await signingKeyOf(options.signingKey);
  let origin = "";
  const state = createSandboxState((paymentId) => `${origin}${CASHIER_PATH}${paymentId}`);
  const serving = await serve({
    host,
    port,
    tls,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    onRequest: onRequest(options, state, signingKey),
    onTooLarge: () => plainAnswer(reply({ operation: "-" }, "PARAM_ILLEGAL", {}, `The body is longer than ${BODY_LIMIT_BYTES} bytes.`)),
    onBug: (error) => options.log?.(`bug: ${error instanceof Error ? error.stack : String(error)}`),
  });
  origin = urlOf(tls === undefined ? "http" : "https", { host, port: serving.port });
  const { pem, base64 } = publicKeyForms(signingKey);
  return {
    origin,
    publicKeyPem: pem,
    publicKeyBase64: base64,
    payments: () => state.payments.all(),
    reset: () => clearSandboxState(state),
    stop: serving.stop,
  };
}

function onRequest(options: SandboxOptions, state: SandboxState, signingKey: KeyObject): (request: HttpRequest) => Promise<HttpResponse> {
  const { merchantPublicKey, clock = systemClock, log, latencyMs = 0 } = options;
  const merchantKey = typeof merchantPublicKey === "string" ? parsePublicKey(merchantPublicKey) : merchantPublicKey;
  const handle = createRequestHandler({ state, signer: createSigner(signingKey), merchantKey, now: clock.wall });
  return async (request) => {
    const startedAtMs = clock.steady();
    const { response, operation, resultCode, clientId } = await handle(request);
    if (latencyMs > 0) await clock.sleep(latencyMs);
    if (log !== undefined) {
      log(`${operation} ${clientId} ${resultCode} ${(clock.steady() - startedAtMs).toFixed(1)} ms`);
    }
    return response;
  };
}

async function signingKeyOf(given: KeyObject | string | undefined): Promise<KeyObject> {
  if (given === undefined) return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
  return typeof given === "string" ? parsePrivateKey(given) : given;
}
