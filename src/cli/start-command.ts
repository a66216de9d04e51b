/** `start`: runs the proxy until it receives a stop signal. */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type App, startApp } from "../app/app.ts";
import type { Config } from "../config/config.ts";
import { resolveSettings } from "./app-settings.ts";
import { banner } from "./banner.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

/** How long answers in transmission may take to finish at stop. */
const STOP_GRACE_MS = 10_000;
const START_GRACE_MS = 10_000;

export function addStart({ program, io, done }: Registry): void {
  const command = program
    .command("start", { isDefault: true })
    .description("run the proxy (with the built-in stand-in sandbox unless --upstream names Antom's gateway)");
  addSettings(command).action(async (flags: Record<string, unknown>) => {
    const config = await loadConfig(flags, io.environment);
    const stopping = io.stopSignal();
    const app = await untilTold(open(config, io), stopping);
    if (app === undefined) return io.endBySignal(await stopping);
    io.err(banner({ app, config, rulesExist: existsSync(config.rules) }));
    await stopping;
    await app.stop(STOP_GRACE_MS);
    done(exitCodes.ok);
  });
}

async function open(config: Config, io: Io): Promise<App> {
  const settings = await resolveSettings(config, io);
  io.onBug((error) => settings.log.event({ kind: "bug", callId: undefined, error }));
  return await startApp(settings);
}

/** The started app; undefined when a stop signal arrives first, because the start may wait for a name server or a file. */
async function untilTold(starting: Promise<App>, stopping: Promise<unknown>): Promise<App | undefined> {
  const late = stopping.then(() => pause(START_GRACE_MS, undefined, { ref: false }));
  return await Promise.race([starting, late]);
}
