/** The composition root: makes every part, joins them, starts and stops them. The one file that knows them all. */
import { setMaxListeners } from "node:events";
import { gatewayHosts } from "../antom/hosts.ts";
import { type PublicKeyForms, publicKeyForms } from "../antom/keys.ts";
import { type Address, urlOf } from "../base/host-port.ts";
import { createOwnAddresses } from "../net/own-addresses.ts";
import type { CallRecord } from "../ports/ports.ts";
import { withoutLoops } from "../upstream/proxy-choice.ts";
import { bind } from "./bind.ts";
import { claimState } from "./claim-state.ts";
import { loadCertificates } from "./load-certificates.ts";
import { refuseOwnUpstream } from "./loops.ts";
import { createObservers, type Observers } from "./observers.ts";
import { openAdmin } from "./open-admin.ts";
import { openDoor } from "./open-door.ts";
import { openPipeline } from "./open-pipeline.ts";
import { openUpstream } from "./open-upstream.ts";
import { type RulesRuntime, startRules } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { createUndo, type Undo } from "./undo.ts";

/** A running proxy. */
export interface App {
  /** Addresses really bound, in the order asked for. */
  readonly listening: readonly Address[];
  /** `http://127.0.0.1:8081`; undefined without an admin server. */
  readonly admin: string | undefined;
  /** The origin that calls go to. */
  readonly upstream: string;
  /** The key for the SDK's client, in place of Antom's. */
  readonly publicKey: PublicKeyForms;
  /** The certificate that clients of the https way in must trust, as PEM. */
  readonly caPem: string;
  readonly rules: RulesRuntime;
  /** The calls kept in the journal, newest first. */
  calls(): readonly CallRecord[];
  /**
   * Takes no more calls, lets answers that clients are reading end within `graceMs`, closes the rest, and saves the state. A later call waits for the
   * first. Never rejects.
   */
  stop(graceMs: number): Promise<void>;
}

/** Starts everything; throws a StartupError, with nothing left running, when a part cannot start. */
export async function startApp(settings: AppSettings): Promise<App> {
  const undo = createUndo((name, error) => {
    const message = `${name} could not be closed: ${error instanceof Error ? error.message : String(error)}`;
    settings.log.event({ kind: "warning", message });
  });
  try {
    return await assemble(settings, undo);
  } catch (error) {
    await undo.run(0);
    throw error;
  }
}

async function assemble(given: AppSettings, undo: Undo): Promise<App> {
  const listening: Address[] = [];
  const own: Address[] = [];
  const isOwn = createOwnAddresses(() => [...listening, ...own]);
  const settings = { ...given, proxyFor: given.proxyFor && withoutLoops(given.proxyFor, isOwn) };
  let rules: RulesRuntime | undefined;
  const warn = (message: string): void => settings.log.event({ kind: "warning", message });
  settings.warnings?.forEach(warn);
  undo.push("the claim on the state file", await claimState(settings, warn));
  const observers = createObservers(settings, () => rules);
  rules = await startRules(settings, observers.onRules);
  undo.push("the rules and their state", rules.stop);
  const upstream = await openUpstream(settings, { undo, isOwn });
  const tls = await loadCertificates(settings, [...gatewayHosts, ...settings.tlsHosts, ...namedHosts(settings.listen)]);
  const halt = createHalt();
  const pipeline = openPipeline(settings, { rules, observers, upstream, halt: halt.signal });
  const door = openDoor(settings, { pipeline, observers, tls, isOwn, upstream, halt });
  undo.push("the records of the last calls", pipeline.drained);
  undo.push("the listeners", door.stop);
  for (const address of settings.listen) listening.push(await bind(address, () => door.listen(address)));
  const admin = await openAdmin(settings, { rules, observers, pipeline, upstream, listening, stopping: () => halt.signal.aborted });
  if (admin !== undefined && settings.admin !== undefined) own.push({ host: settings.admin.host, port: admin.port });
  if (admin !== undefined) undo.push("the admin server", admin.stop);
  if (!upstream.standIn) await refuseOwnUpstream(upstream.origin, isOwn);
  settings.log.event({
    kind: "listening",
    listeners: listening.map((address) => urlOf("http", address)),
    admin: admin?.origin,
    upstream: upstream.origin,
  });
  return {
    listening,
    admin: admin?.origin,
    upstream: upstream.origin,
    publicKey: publicKeyForms(settings.signingKey),
    caPem: tls.caPem,
    rules,
    calls: () => observers.journal.entries().map((entry) => entry.record),
    stop: createStop(settings, observers, async (graceMs) => {
      halt.abort();
      await undo.run(graceMs);
    }),
  };
}

/** Every call that waits for a rule listens to it. */
function createHalt(): AbortController {
  const halt = new AbortController();
  setMaxListeners(0, halt.signal);
  return halt;
}

/** Runs `close` once, with what the log says before and after. */
function createStop({ log }: AppSettings, { inFlight }: Observers, close: (graceMs: number) => Promise<void>): App["stop"] {
  let stopped: Promise<void> | undefined;
  const stop = async (graceMs: number): Promise<void> => {
    log.event({ kind: "stopping", callsInFlight: inFlight() });
    await close(graceMs);
    log.event({ kind: "stopped" });
    await log.flush();
  };
  return (graceMs) => (stopped ??= stop(graceMs));
}

/** The addresses to listen on by which a client can name the proxy: not those that stand for all. */
function namedHosts(listen: readonly Address[]): string[] {
  return listen.map(({ host }) => host).filter((host) => host !== "0.0.0.0" && host !== "::");
}
