/** Diagnoses one recorded call for `doctor`: its properties and its problems. */

import type { KeyObject } from "node:crypto";
import { parseSignature, type SignedHead, verifySignature } from "../antom/signature.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpRequest } from "../http/message.ts";
import { pathnameOf } from "../http/pathname.ts";
import type { Arrival, CallRecord, Identity } from "../ports/ports.ts";
import { type Complaint, standingComplaints } from "./diagnose-standing.ts";

export interface Diagnosis {
  /** Name and value, in output order. */
  readonly facts: readonly (readonly [string, string])[];
  /** Empty when there are no problems. */
  readonly complaints: readonly Complaint[];
}

/** Diagnoses `record`; without `merchantKey` (the merchant's public key) the request's signature is not checked. */
export function diagnose(record: CallRecord, merchantKey: KeyObject | undefined): Diagnosis {
  const { request, identity, arrival } = record;
  const signature = judgeSignature(request, merchantKey);
  const unsigned = unsignedText(identity);
  return {
    facts: [
      ["call", `${request.method} ${request.path}`],
      ["way in", wayText(arrival)],
      ["operation", identity.operation ?? "not in the catalogue"],
      ["client id", identity.clientId ?? (identity.apiKey === undefined ? "none" : "not readable in the API key")],
      ["signature", unsigned ?? signature.text],
      ["answer", answerText(record)],
    ],
    complaints: [
      ...standingComplaints(record.identity),
      ...requestComplaints(record),
      ...(unsigned === undefined ? signature.complaints : []),
      ...upstreamComplaints(record),
    ],
  };
}

/** Why this call needs no signature; undefined when it needs one. */
function unsignedText({ operation, apiKey }: Identity): string | undefined {
  if (apiKey !== undefined) return `not needed (API key for ${apiKey === "test" ? "TEST" : "PROD"})`;
  return operation === "meter.uploadEvent" ? "not needed" : undefined;
}

function wayText({ way, serverName, tunnelTo, localPort }: Arrival): string {
  const name = serverName === undefined ? "" : `, TLS name ${serverName}`;
  switch (way) {
    case "connect":
      return `CONNECT to ${tunnelTo ?? "?"} (HTTPS_PROXY) on port ${localPort}${name}`;
    case "http2":
      return `HTTP/2 on port ${localPort}${name}`;
    case "https":
      return `https on port ${localPort}${name}`;
    case "http":
      return `plain http on port ${localPort}`;
    default:
      return way satisfies never;
  }
}

function answerText({ outcome, rule, response, resultCode, failure }: CallRecord): string {
  const status = response === undefined ? "none" : String(response.status);
  const code = resultCode === undefined ? "" : ` ${resultCode}`;
  const why = rule === undefined ? (failure?.detail ?? "") : `rule ${rule.name}`;
  return `${status}${code}, ${outcome}${why === "" ? "" : ` (${why})`}`;
}

function requestComplaints({ request, identity }: CallRecord): Complaint[] {
  const complaints: Complaint[] = [];
  if (request.method !== "POST")
    complaints.push({ what: `Antom's APIs accept only POST, not ${request.method}`, remedy: "call through the SDK" });
  if (identity.operation === undefined && identity.standing.kind === "sandbox") {
    complaints.push({
      what: "no API of the catalogue has this path",
      remedy: "compare it with `antom-fault-proxy codes`; a rule can still match it by `path`",
    });
  }
  return complaints;
}

interface SignatureJudgement {
  readonly text: string;
  readonly complaints: readonly Complaint[];
}

function judgeSignature(request: HttpRequest, key: KeyObject | undefined): SignatureJudgement {
  const value = headerValue(request.headers, "signature");
  const time = headerValue(request.headers, "request-time");
  if (value === undefined) return wrong("none", "the call is not signed", "give the SDK your private key");
  if (time === undefined) return wrong("without `request-time`", "the call has no `request-time`, which the signature covers", "send it");
  const signature = parseSignature(value);
  if (signature === undefined) {
    return wrong(
      "unreadable",
      "the `signature` line holds no `signature=<base64>`",
      "its form is `algorithm=RSA256,keyVersion=1,signature=…`",
    );
  }
  if (key === undefined) return { text: "not checked (give your public key with `--merchant-public-key`)", complaints: [] };
  const clientId = headerValue(request.headers, "client-id") ?? "";
  const head: SignedHead = { method: request.method, path: request.path, clientId, time };
  if (verifySignature(head, request.body, signature, key)) return { text: "verifies with your key", complaints: [] };
  const cause = findCause(request, head, (tried, body) => verifySignature(tried, body, signature, key));
  return { text: "does not verify with your key", complaints: [cause] };
}

type Verify = (head: SignedHead, body: Buffer) => boolean;

/** Tries known causes; a match proves the cause. */
function findCause(request: HttpRequest, head: SignedHead, verifies: Verify): Complaint {
  const plain = head.path.replace("/ams/sandbox/api", "/ams/api");
  const { body } = request;
  if (verifies({ ...head, path: plain }, body)) {
    return {
      what: "the signature covers the production path, but the sandbox path was sent",
      remedy: "sign the path that is sent: `/ams/sandbox/api/…`",
    };
  }
  if (verifies({ ...head, path: request.target }, body)) {
    return { what: "the signature covers the whole URL", remedy: "sign only the path and query" };
  }
  if (verifies({ ...head, path: pathnameOf(head.path) }, body)) {
    return { what: "the signature leaves out the query", remedy: "sign the path with its query, as it is sent" };
  }
  if (verifies(head, Buffer.from(body.toString("utf8").trim()))) {
    return { what: "white space was added around the body after it was signed", remedy: "send exactly the signed bytes" };
  }
  if (verifies(head, canonical(body))) {
    return { what: "the body was serialised again after it was signed (spaces, escapes)", remedy: "send exactly the signed bytes" };
  }
  return {
    what: "the signature is of another key, or of another text",
    remedy:
      "check that `--merchant-public-key` belongs to the private key in your program, and that nothing changes the call after it was signed",
  };
}

/** The body as JSON.stringify writes it; unchanged when it is not JSON. */
function canonical(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString("utf8"))));
  } catch {
    return body;
  }
}

const FAILURE_REMEDIES: Readonly<Partial<Record<string, string>>> = {
  name: "check `--upstream` and this machine's DNS; behind a corporate proxy give `--upstream-proxy`",
  refused: "check `--upstream`; behind a corporate proxy give `--upstream-proxy`",
  timeout: "the gateway may be slow or unreachable from here; behind a corporate proxy give `--upstream-proxy`",
  tls: "if a corporate proxy intercepts TLS, give its CA with `--upstream-ca`",
};

function upstreamComplaints({ failure, verdict }: CallRecord): Complaint[] {
  const complaints: Complaint[] = [];
  if (failure !== undefined && failure.kind !== "cancelled") {
    complaints.push({ what: `the gateway gave no answer: ${failure.detail}`, remedy: FAILURE_REMEDIES[failure.kind] ?? "see the log" });
  }
  if (verdict === "invalid") {
    const remedy =
      "give Antom's public key of your sandbox application (Dashboard, Developer, Key configuration) with `--antom-public-key`";
    complaints.push({
      what: "the gateway's signature does not verify with the Antom key that was given, so its answer was not signed again",
      remedy,
    });
  }
  return complaints;
}

function wrong(text: string, what: string, remedy: string): SignatureJudgement {
  return { text, complaints: [{ what, remedy }] };
}
