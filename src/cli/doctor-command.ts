/** `doctor`: prints one SDK's set-up lines, starts the proxy and diagnoses each received call. */
import { Argument } from "commander";
import type { Endpoint } from "../antom/sdk-setup/setup.ts";
import { sdkClients } from "../antom/sdk-setup.ts";
import { type App, startApp } from "../app/app.ts";
import { urlOf } from "../base/host-port.ts";
import { caFileIn } from "../listeners/certificates/load-ca.ts";
import type { Log } from "../observe/log/log.ts";
import type { CallRecord } from "../ports/ports.ts";
import { resolveSettings } from "./app-settings.ts";
import { connectText } from "./connect.ts";
import { diagnose } from "./diagnose.ts";
import { diagnosisText, silenceText } from "./doctor.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

const DEFAULT_WAIT_S = 120;
const STOP_GRACE_MS = 1000;

export function addDoctor({ program, io, done }: Registry): void {
  const command = program
    .command("doctor")
    .description("wait for a call from your program and report its problems")
    .addArgument(new Argument("<client>", "your SDK's language").choices(sdkClients))
    .option("--wait <seconds>", `how long to wait for a call without problems (default: ${DEFAULT_WAIT_S})`, Number)
    .option("--client-id <id>", "your sandbox client id, to be printed into the lines");
  addSettings(command).action(async (name: string, flags: Record<string, unknown>) => {
    const client = sdkClients.find((known) => known === name);
    if (client === undefined) return;
    const config = await loadConfig(flags, io.environment);
    const settings = await resolveSettings(config, io);
    const post = createPost();
    const app = await startApp({ ...settings, log: post.log });
    try {
      io.out(`${connectText(client, endpointOf(app, config.dataDir, flags["clientId"]))}\n`);
      const urls = app.listening.flatMap((address) => [urlOf("http", address), urlOf("https", address)]);
      const waitS = Number(flags["wait"] ?? DEFAULT_WAIT_S) || DEFAULT_WAIT_S;
      io.out(`Waiting up to ${waitS} s for a call to ${urls.join(" or ")} …\n`);
      const sound = await Promise.race([
        attend(post, settings.merchantKey, io),
        silence(waitS, urls, post, io),
        io.stopSignal().then(() => false),
      ]);
      done(sound ? exitCodes.ok : exitCodes.found);
    } finally {
      await app.stop(STOP_GRACE_MS);
    }
  });
}

function endpointOf({ listening, publicKey }: App, dataDir: string, clientId: unknown): Endpoint {
  const [address = { host: "127.0.0.1", port: 8080 }] = listening;
  return {
    baseUrl: urlOf("http", address),
    httpsUrl: urlOf("https", address),
    caFile: caFileIn(dataDir),
    publicKey: publicKey.base64,
    clientId: typeof clientId === "string" ? clientId : undefined,
  };
}

type Letter = { readonly kind: "call"; readonly record: CallRecord } | { readonly kind: "warning"; readonly message: string };

/** A log that queues its events instead of writing them. */
interface Post {
  readonly log: Log;
  /** The next event. */
  next(): Promise<Letter>;
  /** The number of events so far. */
  count(): number;
}

function createPost(): Post {
  const letters: Letter[] = [];
  let count = 0;
  let wake: (() => void) | undefined;
  const deliver = (letter: Letter): void => {
    count += 1;
    letters.push(letter);
    wake?.();
  };
  return {
    count: () => count,
    log: {
      observe: (record) => deliver({ kind: "call", record }),
      stage: undefined,
      event: (event) => event.kind === "warning" && deliver({ kind: "warning", message: event.message }),
      flush: async () => undefined,
    },
    async next() {
      for (;;) {
        const letter = letters.shift();
        if (letter !== undefined) return letter;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Diagnoses calls until one has no problems. */
async function attend(post: Post, merchantKey: Parameters<typeof diagnose>[1], io: Io): Promise<true> {
  for (;;) {
    const letter = await post.next();
    if (letter.kind === "warning") {
      io.out(`! ${letter.message}\n`);
      continue;
    }
    const diagnosis = diagnose(letter.record, merchantKey);
    io.out(diagnosisText(diagnosis));
    if (diagnosis.complaints.length === 0) return true;
  }
}

function silence(waitS: number, urls: readonly string[], post: Post, io: Io): Promise<false> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (post.count() === 0) io.out(silenceText(waitS, urls));
      resolve(false);
    }, waitS * 1000);
    timer.unref();
  });
}
