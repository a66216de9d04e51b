/** `start`: runs the proxy until it is told to end. */
import { startApp } from "../app/app.ts";
import { resolveSettings } from "./app-settings.ts";
import { banner } from "./banner.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

export function addStart({ program, io, done }: Registry): void {
  const command = program
    .command("start", { isDefault: true })
    .description("run the proxy (on the built-in stand-in sandbox unless --upstream names Antom's gateway)");
  addSettings(command).action(async (flags: Record<string, unknown>) => {
    const config = await loadConfig(flags, io.environment);
    const stopping = io.stopSignal();
    const settings = await resolveSettings(config, io);
    const app = await startApp(settings);
    io.err(banner({ app, config }));
    await stopping;
    await app.stop();
    done(exitCodes.ok);
  });
}
