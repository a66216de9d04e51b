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

/** A request that was refused or did not arrive; `problems` are mistakes in rules. */
export class ClientError extends Error {
  readonly problems: readonly ProblemView[];
  constructor(message: string, problems: readonly ProblemView[] = []) {
    super(message);
    this.name = "ClientError";
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
    await fetch("/logout", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => undefined);
    location.assign("/login");
  },
} as const;

/** Where `calls` and `rules` events come from. */
export const streamUrl = "/api/v1/calls/stream";

/** The archive of the calls that pass the filters. */
export function harUrl(query: Readonly<Record<string, string>>): string {
  return `/api/v1/calls.har?${new URLSearchParams(query)}`;
}

function get<T>(path: string): Promise<T> {
  return ask<T>(path, {});
}

function write<T>(method: "POST" | "DELETE", path: string, body: unknown): Promise<T> {
  return ask<T>(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, init).catch(() => {
    throw new ClientError("the proxy does not answer");
  });
  if (answer.status === 401) location.assign("/login");
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new ClientError(typeof body.error === "string" ? body.error : `the proxy answered ${answer.status}`, body.problems ?? []);
  return body;
}
