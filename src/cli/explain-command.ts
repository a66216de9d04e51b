/** `explain`: prints why each rule would or would not act on a call, from a request file or from a call in the running proxy's journal. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Option } from "commander";
import { z } from "zod";
import { correlation } from "../antom/correlation.ts";
import { StartupError, startupError } from "../app/startup-error.ts";
import { vocabulary } from "../app/vocabulary.ts";
import { urlOf } from "../base/host-port.ts";
import { systemClock } from "../base/machine-clock.ts";
import type { Config } from "../config/config.ts";
import { createLedger } from "../ledger/memory/embedded-ledger.ts";
import { readStateFile } from "../ledger/memory/state-file.ts";
import { loadRules } from "../rules/files/load.ts";
import { type Explanation, explain } from "../rules/select/explain.ts";
import { exitCodes } from "./exit-codes.ts";
import { explainText } from "./explain.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";
import { readRequestFile } from "./request-file.ts";

const explanations = z.array(
  z.object({
    rule: z.string(),
    identity: z.string(),
    file: z.string(),
    line: z.number(),
    verdict: z.enum(["acts", "shadowed", "passes"]),
    because: z.string(),
  }),
);
const answer = z.object({ rules: explanations });

export function addExplain({ program, io, done }: Registry): void {
  const command = program
    .command("explain")
    .description("print for each rule why it would or would not act on a call; changes no counters")
    .argument("<call>", "a request file (*.json), or the id of a call in the running proxy's journal")
    .addOption(new Option("--format <format>").choices(["text", "json"]).default("text"));
  addSettings(command, ["rules", "dataDir", "state", "seed", "admin"]).action(async (call: string, flags: Record<string, unknown>) => {
    const { format, ...settings } = flags;
    const config = await loadConfig(settings, io.environment);
    const told = call.endsWith(".json") ? await explainFile(call, config) : await explainKept(call, config);
    io.out(explainText(told, format === "json" ? "json" : "text"));
    done(exitCodes.ok);
  });
}

async function explainFile(file: string, config: Config): Promise<readonly Explanation[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw startupError("settings", file, "the request file cannot be read", "give a JSON file, or the id of a call");
  });
  const nowMs = systemClock.steady();
  const read = readRequestFile(text, nowMs);
  if (read.kind === "bad") throw startupError("settings", file, read.message, read.remedy);
  const loaded = await loadRules(config.rules, vocabulary);
  if (loaded.kind === "bad") throw new StartupError("rules", loaded.problems);
  const ledger = createLedger({ seed: config.seed ?? "", correlation, saved: await savedIn(config), clock: systemClock });
  await ledger.retain(loaded.rules.rules, nowMs);
  return await explain(loaded.rules, read.facts, ledger);
}

/** Windows and tallies saved by the last run. Redis is not read: use the running proxy's own `explain` for it. */
async function savedIn({ state, dataDir }: Config): Promise<Awaited<ReturnType<typeof readStateFile>>> {
  if (state?.kind === "redis") return undefined;
  return await readStateFile({ path: state?.path ?? join(dataDir, "state.json"), warn: () => undefined });
}

async function explainKept(id: string, config: Config): Promise<readonly Explanation[]> {
  const admin = urlOf("http", config.admin);
  const remedy = "name the running proxy's address with `--admin`, and a call id from its page or log";
  const response = await fetch(`${admin}/api/v1/calls/${encodeURIComponent(id)}/explain`).catch(() => {
    throw startupError("settings", admin, "no proxy answers at this address", remedy);
  });
  const read = answer.safeParse(await response.json().catch(() => undefined));
  if (!read.success) throw startupError("settings", admin, `the proxy has no call \`${id}\``, remedy);
  return read.data.rules;
}
