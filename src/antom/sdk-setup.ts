/** The set-up text of every client that `connect` supports; each has one builder in sdk-setup/. */
import { curlSetup } from "./sdk-setup/curl.ts";
import { dotnetSetup } from "./sdk-setup/dotnet.ts";
import { goSetup } from "./sdk-setup/go.ts";
import { javaSetup } from "./sdk-setup/java.ts";
import { nodeSetup } from "./sdk-setup/node.ts";
import { phpSetup } from "./sdk-setup/php.ts";
import { pythonSetup } from "./sdk-setup/python.ts";
import type { Endpoint, SdkSetup } from "./sdk-setup/setup.ts";

const builders = {
  java: javaSetup,
  python: pythonSetup,
  php: phpSetup,
  go: goSetup,
  dotnet: dotnetSetup,
  node: nodeSetup,
  curl: curlSetup,
} as const;

/** A client name that `connect` accepts. */
export type SdkClient = keyof typeof builders;

/** All client names, in the order of the help text. */
export const sdkClients: readonly SdkClient[] = ["java", "python", "php", "go", "dotnet", "node", "curl"];

/** How to configure that client for the proxy. */
export function sdkSetup(client: SdkClient, endpoint: Endpoint): SdkSetup {
  return builders[client](endpoint);
}
