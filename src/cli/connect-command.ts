/** `connect`: prints the lines that configure one SDK for this proxy, with its address and key. */
import { Argument } from "commander";
import { publicKeyForms } from "../antom/keys.ts";
import { sdkClients } from "../antom/sdk-setup.ts";
import { loadSigningKey } from "../app/key-files.ts";
import { urlOf } from "../base/host-port.ts";
import type { Config } from "../config/config.ts";
import { caFileIn } from "../listeners/certificates/load-ca.ts";
import { connectText } from "./connect.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

export function addConnect({ program, io, done }: Registry): void {
  const command = program
    .command("connect")
    .description("print the lines that point one SDK at this proxy")
    .addArgument(new Argument("<client>", "your SDK's language").choices(sdkClients))
    .option("--client-id <id>", "your sandbox client id, to be printed into the lines");
  addSettings(command, ["listen", "dataDir", "signingKey"]).action(async (name: string, flags: Record<string, unknown>) => {
    const client = sdkClients.find((known) => known === name);
    if (client === undefined) return;
    const config = await loadConfig(flags, io.environment);
    io.out(connectText(client, await endpointOf(config, flags["clientId"])));
    done(exitCodes.ok);
  });
}

export async function endpointOf(config: Config, clientId: unknown) {
  const { dataDir, listen } = config;
  const key = await loadSigningKey(config);
  const [address = { host: "127.0.0.1", port: 8080 }] = listen;
  return {
    baseUrl: urlOf("http", address),
    httpsUrl: urlOf("https", address),
    caFile: caFileIn(dataDir),
    publicKey: publicKeyForms(key).base64,
    clientId: typeof clientId === "string" ? clientId : undefined,
  };
}
