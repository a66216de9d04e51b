/** The page's client of the REST interface: one typed function a route. */
import type {
  CallsAnswer,
  CodesAnswer,
  ConnectAnswer,
  ExplainAnswer,
  OperationsAnswer,
  RulesAnswer,
  StatusAnswer,
} from "../admin/api/views/answers.ts";
import type { CallDetail } from "../admin/api/views/call-view.ts";
import type { ProblemView } from "../admin/api/views/problem-view.ts";
import type { RuleView } from "../admin/api/views/rule-view.ts";

export interface ClientErrorDetails {
  /** HTTP status of the refusal; undefined where no answer arrived or it could not be read. */
  readonly status?: number;
  /** Mistakes in rules. */
  readonly problems?: readonly ProblemView[];
}

/** A request that was refused or did not arrive. */
export class ClientError extends Error {
  readonly status: number | undefined;
  readonly problems: readonly ProblemView[];
  constructor(message: string, { status, problems = [] }: ClientErrorDetails = {}) {
    super(message);
    this.name = "ClientError";
    this.status = status;
    this.problems = problems;
  }
}

const at = encodeURIComponent;

/** Every function rejects with a ClientError. */
export const client = {
  status: () => get<StatusAnswer>("/status"),
  connect: (clientId: string) => get<ConnectAnswer>(clientId === "" ? "/connect" : `/connect?clientId=${at(clientId)}`),
  operations: () => get<OperationsAnswer>("/operations"),
  codes: (operation: string) => get<CodesAnswer>(`/operations/${at(operation)}/codes`),
  rules: () => get<RulesAnswer>("/rules"),
  arm: (simulation: { operation: string; code: string; duration?: string }) => write<RuleView>("POST", "/simulations", simulation),
  stop: (rule: string) => write<object>("POST", `/rules/${at(rule)}/stop`, {}),
  extend: (rule: string, by: string) => write<RuleView>("POST", `/rules/${at(rule)}/extend`, { by }),
  rearm: (rule: string) => write<RuleView>("POST", `/rules/${at(rule)}/rearm`, {}),
  addRule: (yaml: string) => write<object>("POST", "/rules", { yaml }),
  calls: (query: Readonly<Record<string, string>>) => get<CallsAnswer>(`/calls?${new URLSearchParams(query)}`),
  clearCalls: () => write<object>("DELETE", "/calls", {}),
  call: (id: string) => get<CallDetail>(`/calls/${at(id)}`),
  explain: (id: string) => get<ExplainAnswer>(`/calls/${at(id)}/explain`),
  curl: (id: string) => get<{ command: string }>(`/calls/${at(id)}/curl`),
  draftRule: (id: string) => get<{ yaml: string }>(`/calls/${at(id)}/rule`),
  resend: (id: string) => write<{ id: string }>("POST", `/calls/${at(id)}/resend`, {}),
  /** Ends the session and leads to the login. */
  logOut: async () => {
    await ask<object>("/logout", written("POST", {}));
    goToLogin();
  },
} as const;

/** Where `calls` and `rules` events come from. */
export const streamUrl = "/api/v1/calls/stream";

/** The archive of the calls that pass the filters. */
export function harUrl(query: Readonly<Record<string, string>>): string {
  return `/api/v1/calls.har?${new URLSearchParams(query)}`;
}

function get<T>(path: string): Promise<T> {
  return ask<T>(`/api/v1${path}`, {});
}

function write<T>(method: "POST" | "DELETE", path: string, body: unknown): Promise<T> {
  return ask<T>(`/api/v1${path}`, written(method, body));
}

function written(method: "POST" | "DELETE", body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Longer than the proxy waits for the gateway, since a resend is answered when its call has ended. */
const DEADLINE_MS = 70_000;

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) }).catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new ClientError(isLate ? `the proxy did not answer within ${DEADLINE_MS / 1000} s` : "the proxy does not answer");
  });
  if (answer.status === 401) goToLogin();
  const body = await answer.json().catch(() => {
    throw new ClientError(`the proxy’s answer (HTTP ${answer.status}) cannot be read`);
  });
  if (answer.ok) return body;
  const message = typeof body?.error === "string" ? body.error : `the proxy answered ${answer.status}`;
  throw new ClientError(message, { status: answer.status, problems: body?.problems ?? [] });
}

/** Set once the login was asked for: requests that fail while the browser is on its way must not begin the visit anew. */
let isLeaving = false;

/** Leads to the login, which leads back to this view: browsers carry the fragment along. */
function goToLogin(): void {
  if (isLeaving) return;
  isLeaving = true;
  location.assign(`/login${location.hash}`);
}
