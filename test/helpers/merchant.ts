/** A merchant that signs its calls as the official SDKs do and keeps all that came back. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { createSigner } from "../../src/antom/signature.ts";
import { type KeyPair, makeKeys } from "./keys.ts";

export interface CallChanges {
  readonly method?: string;
  /** Sent, and signed, instead of the operation's path. */
  readonly path?: string;
  /** Lines set over the usual ones; undefined leaves a line out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent instead of the signed body. */
  readonly sent?: string | Buffer;
}

export interface Came {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text that the answer's signature must cover. */
  readonly signedText: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read deep into bodies of many shapes, and fail where a field is missing.
  readonly json: any;
}

export interface Merchant {
  readonly keys: KeyPair;
  readonly clientId: string;
  call(origin: string, operation: string, body: unknown, changes?: CallChanges): Promise<Came>;
}

/** A merchant with a key of its own. `operation` in `call` is the last part of the payment APIs' path. */
export function createMerchant(clientId = "SANDBOX_5X00000000000000", keys: KeyPair = makeKeys()): Merchant {
  const signer = createSigner(keys.privateKey);
  return {
    keys,
    clientId,
    async call(origin, operation, body, changes = {}) {
      const { method = "POST", path = `/ams/sandbox/api/v1/payments/${operation}` } = changes;
      const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      const time = "1795420800000";
      const signature = await signer.sign({ method, path, clientId, time }, bytes);
      const usual = { "client-id": clientId, "request-time": time, signature, "content-type": "application/json; charset=UTF-8" };
      const headers = Object.fromEntries(Object.entries({ ...usual, ...changes.headers }).filter(([, value]) => value !== undefined));
      return await send(origin, { method, path, headers, body: changes.sent ?? bytes });
    },
  };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | Buffer;
}

/** One call on a connection of its own; `path` goes out as it is. */
export function send(origin: string, { method, path, headers, body }: Sent): Promise<Came> {
  return new Promise((resolve, reject) => {
    const url = new URL(origin);
    const call = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        method,
        path,
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        agent: false,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const signedText = `${method} ${path}\n${answer.headers["client-id"]}.${answer.headers["response-time"]}.${text}`;
          const json: unknown = answer.headers["content-type"]?.startsWith("application/json") ? JSON.parse(text) : undefined;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, signedText, json });
        });
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
