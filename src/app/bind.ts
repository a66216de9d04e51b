/** Opens an address, or says in one line why that cannot be. */
import { codeOf } from "../base/error-code.ts";
import type { Address } from "../base/host-port.ts";
import { startupError } from "./startup-error.ts";

/** What `open` gives; its failure becomes a StartupError that names the address and the remedy. */
export async function bind<T>(address: Address, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { host, port } = address;
    throw startupError(
      "address",
      `${host}:${port}`,
      reasonOf(error),
      "choose another address with `--listen` or `--admin`; port 0 takes any free one",
    );
  }
}

function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined);
  if (code === "EADDRINUSE") return "the port is taken by another program";
  if (code === "EACCES") return "the port may not be bound by this user";
  if (code === "EADDRNOTAVAIL") return "this machine has no such address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the name cannot be resolved";
  return error instanceof Error ? error.message : String(error);
}
