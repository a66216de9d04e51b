/** An admin server on real rules files in a folder of its own, with a core that only decides which rule acts. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdminPorts } from "../../src/admin/ports.ts";
import { type Admin, type AdminOptions, startAdmin } from "../../src/admin/server/server.ts";
import { correlation } from "../../src/antom/correlation.ts";
import { vocabulary } from "../../src/app/vocabulary.ts";
import type { Clock } from "../../src/base/clock.ts";
import { systemClock } from "../../src/base/machine-clock.ts";
import type { HttpRequest } from "../../src/http/message.ts";
import { createLedger, type EmbeddedLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import { createJournal, type Journal } from "../../src/observe/journal/journal.ts";
import type { Arrival, CallRecord } from "../../src/ports/ports.ts";
import { decisionOf } from "../../src/proxy/choose.ts";
import { createFacts } from "../../src/proxy/facts.ts";
import { createRuleChanges } from "../../src/rules/change-rules.ts";
import { loadRules } from "../../src/rules/files/load.ts";
import { createRuleTexts } from "../../src/rules/files/rule-texts.ts";
import { select } from "../../src/rules/select/select.ts";
import { createRuleStore, type RuleStore } from "../../src/rules/store.ts";
import { arrival, callRecord, request } from "./call-record.ts";

export interface AdminFixture {
  readonly admin: Admin;
  readonly journal: Journal;
  readonly store: RuleStore;
  readonly ledger: EmbeddedLedger;
  readonly folder: string;
  /** The text of rules.yaml. */
  rules(): string;
  /** Writes rules.yaml as a person would, and has it loaded. */
  save(text: string): Promise<void>;
  /** A `pay` through the fake core; gives its record. */
  call(changes?: Partial<HttpRequest>): Promise<CallRecord>;
  ask(
    path: string,
    options?: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it expects
  readonly json: any;
}

export interface FixtureOptions {
  readonly rules?: string;
  readonly clock?: Clock;
  readonly admin?: Partial<AdminOptions>;
}

/** Starts it; stop `admin` when done. */
export async function startAdminFixture({
  rules = "rules: []\n",
  clock = systemClock,
  admin: options = {},
}: FixtureOptions = {}): Promise<AdminFixture> {
  const folder = mkdtempSync(join(tmpdir(), "admin-"));
  const file = join(folder, "rules.yaml");
  writeFileSync(file, rules);
  const loaded = await loadRules(folder, vocabulary);
  if (loaded.kind === "bad") throw new Error(JSON.stringify(loaded.problems));
  const store = createRuleStore(loaded.rules);
  const ledger = createLedger({ correlation, seed: "test", clock });
  await ledger.retain(loaded.rules.rules, clock.steady());
  const journal = createJournal();
  const texts = createRuleTexts(folder);
  const layers = { temporary: [], files: loaded.rules };
  const changes = createRuleChanges(layers, loaded.fingerprint, { store, ledger, clock, vocabulary, texts, onChanged: () => undefined });
  const reload = (): Promise<void> => changes.inTurn(async () => changes.takeFiles(await loadRules(folder, vocabulary)));
  const handle = createHandle({ store, ledger, journal, clock });
  const api: AdminPorts = {
    version: "0.0.0",
    ...{ clock, journal, store, ledger, vocabulary },
    ...{ apply: changes.apply, layers: changes.layers, rulesFile: texts.home },
    pipeline: { resend: handle },
    endpoint: { baseUrl: "http://127.0.0.1:8080", publicKey: "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA" },
    publicKeyPem: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    listeners: ["http://127.0.0.1:8080"],
    upstream: "http://127.0.0.1:9000",
    standIn: true,
    asksForToken: options.token !== undefined,
  };
  const admin = await startAdmin({
    host: "127.0.0.1",
    port: 0,
    metrics: { text: async () => "up 1\n", contentType: "text/plain" },
    notReady: () => [],
    api,
    ...options,
  });
  return {
    ...{ admin, journal, store, ledger, folder },
    rules: () => readFileSync(file, "utf8"),
    async save(text) {
      writeFileSync(file, text);
      await reload();
    },
    call: (changes) => handle(request(changes), arrival()),
    ask: (path, asked) => ask(admin.origin + path, asked),
  };
}

type Parts = Pick<AdminPorts, "journal" | "store" | "clock"> & { readonly ledger: EmbeddedLedger };

function createHandle({ store, ledger, journal, clock }: Parts): (call: HttpRequest, from: Arrival) => Promise<CallRecord> {
  let count = 0;
  return async (call, from) => {
    count += 1;
    const plain = callRecord({ id: `call-${count}`, request: call, arrival: from, startedAtMs: clock.wall() });
    const firing = await select(store.current(), createFacts(plain.request, plain.identity, plain.arrival, clock.steady()), ledger);
    const code = firing?.rule.faults[0]?.resultCode;
    const body = Buffer.from(
      JSON.stringify({ result: { resultCode: code ?? "SUCCESS", resultStatus: code === undefined ? "S" : "F", resultMessage: "said" } }),
    );
    const response = { status: 200, headers: ["content-type", "application/json; charset=UTF-8"], body };
    const rule = firing && decisionOf(firing);
    const injected = {
      outcome: "injected",
      rule,
      resultCode: code,
      upstreamMs: undefined,
      upstreamResponse: undefined,
      verdict: undefined,
    } as const;
    const record: CallRecord = { ...plain, response, ...(rule === undefined ? {} : { ...injected, rule }) };
    journal.observe(record);
    return record;
  };
}

async function ask(url: string, { method = "GET", body, headers = {} }: Parameters<AdminFixture["ask"]>[1] = {}): Promise<Reply> {
  const isWrite = method !== "GET" && method !== "HEAD";
  const answer = await fetch(url, {
    method,
    headers: { ...(isWrite ? { "content-type": "application/json" } : {}), ...headers },
    ...(isWrite ? { body: JSON.stringify(body ?? {}) } : {}),
    redirect: "manual",
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
