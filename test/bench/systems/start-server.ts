/** Starts one of the benchmark's own servers (servers/*.ts). */
import { fileURLToPath } from "node:url";
import { startProgram } from "../process.ts";
import { announcedOrigin } from "../servers/settings.ts";
import type { Site, Started } from "../system.ts";

/** `words` are the server's flags, without the dashes. */
export async function startServer(
  server: string,
  words: Readonly<Record<string, string>>,
  site: Pick<Site, "folder" | "core">,
): Promise<Started> {
  const file = fileURLToPath(new URL(`../servers/${server}.js`, import.meta.url));
  const flags = Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]);
  const name = [server, ...Object.values(words).filter((word) => /^[a-z-]+$/.test(word))].join("-");
  const program = { name, command: process.execPath, args: [file, ...flags], folder: site.folder.path, core: site.core };
  const running = await startProgram(program, (output) => announcedOrigin(output) !== undefined);
  return { ...running, origin: announcedOrigin(running.output()) ?? "", admin: undefined };
}

/** The gateway's side; on `port` again when it is restarted. */
export function startUpstream(site: Pick<Site, "folder" | "core">, port = 0): Promise<Started> {
  return startServer("upstream", { key: site.folder.files.gatewayPrivate, port: String(port) }, site);
}
