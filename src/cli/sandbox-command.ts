/** `sandbox`: runs only the stand-in sandbox, without a proxy. */
import { readPublicKeyFile } from "../app/key-files.ts";
import { startupError } from "../app/startup-error.ts";
import { address } from "../config/readers.ts";
import { type Sandbox, startSandbox } from "../sandbox/start-sandbox.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Registry } from "./registry.ts";

interface Flags {
  readonly listen: string;
  readonly merchantPublicKey?: string;
}

export function addSandbox({ program, io, done }: Registry): void {
  program
    .command("sandbox")
    .description("run only the stand-in sandbox: verifies, keeps payments, answers signed")
    .option("--listen <host:port>", "where it listens", "127.0.0.1:8090")
    .option("--merchant-public-key <file>", "your public key: it then verifies your requests")
    .action(async (flags: Flags) => {
      const stopping = io.stopSignal();
      const log = io.openLog();
      const sandbox = await open(flags, (line) => log.write(`${line}\n`));
      io.err(`stand-in sandbox on ${sandbox.origin}\npublic key    ${sandbox.publicKeyBase64}\n`);
      await stopping;
      await sandbox.stop();
      await log.flush();
      done(exitCodes.ok);
    });
}

async function open(flags: Flags, log: (line: string) => void): Promise<Sandbox> {
  const read = address(flags.listen);
  if (read.kind === "wrong") throw startupError("settings", "--listen", read.message, read.remedy);
  const key = flags.merchantPublicKey === undefined ? undefined : await readPublicKeyFile(flags.merchantPublicKey, "your");
  try {
    return await startSandbox({ ...read.value, log, ...(key && { merchantPublicKey: key }) });
  } catch (error) {
    throw startupError("address", flags.listen, error instanceof Error ? error.message : String(error), "choose another address");
  }
}
