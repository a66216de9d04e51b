/** The arguments of `npm run bench`, and its help. */
import { parseArgs } from "node:util";
import { type Plan, QUICK, WHOLE } from "./plan.ts";

export interface BenchArguments {
  readonly help: boolean;
  readonly quick: boolean;
  /** Says in which files functions run, instead of measuring. */
  readonly files: boolean;
  /** Lanes and measurements by name; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** The dist folder of another build. */
  readonly against: string | undefined;
  readonly lossPercent: number;
  readonly plan: Plan;
}

export const HELP = `npm run bench -- [options]

Without options: the proxy beside its peers in every lane, then latency, memory, starts, reloads and more (15 minutes).

  --only <names>     some of them, by comma: A, B, C (lanes), latency, startup, memory, inbound, handshakes, rules, reload, page
  --quick            a minute that only shows that everything works
  --rounds <count>   rounds of each lane (25)
  --seconds <count>  length of a round (1)

Against another build of this program:

  --against <dist>   runs this build and the one in that folder in one run, in turns, on lanes A, B and C (one minute a lane); prints CPU
                     time per call of both, and the median of the rounds' ratios with its interval (95 % or more, no distribution assumed)
  --loss <percent>   what this build may cost more (3); exit code 1 only when the whole interval is past it, or an answer was wrong

  git worktree add ../before <commit> && (cd ../before && npm ci && npm run build)
  npm run bench -- --against ../before/dist --only A

What one call runs through:

  --files            names the files that have a function executed by one warm call of lane B (or of --only), by V8's precise coverage;
                     with --against, those of the other build too

Exit code 1: an answer was wrong, or a loss. Exit code 2: these arguments.
`;

/** Fewer rounds have no interval of 95 %. */
const LEAST_ROUNDS = 6;
const LANE_NAMES: readonly string[] = ["A", "B", "C"];

/** Reads the words after the program's name; `measurements` are the names besides the lanes. Throws an Error that says what is wrong. */
export function readArguments(words: readonly string[], measurements: readonly string[]): BenchArguments {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = { help: flag, quick: flag, files: flag, only: text, against: text, loss: text, rounds: text, seconds: text };
  const { values } = parseArgs({ args: [...words], options });
  const { help, quick, files, against } = values;
  const lanesOnly = files || against !== undefined;
  const only = readNames(values.only, lanesOnly ? LANE_NAMES : [...LANE_NAMES, ...measurements]);
  const base = quick ? QUICK : WHOLE;
  const rounds = readNumber("rounds", values.rounds, 1) ?? base.rounds;
  if (!Number.isInteger(rounds)) throw new Error("--rounds needs a whole number");
  if (against !== undefined && !files && rounds < LEAST_ROUNDS) throw new Error(`--against needs at least ${LEAST_ROUNDS} --rounds`);
  const seconds = readNumber("seconds", values.seconds, 0.1) ?? base.seconds;
  return { help, quick, files, only, against, lossPercent: readNumber("loss", values.loss, 0) ?? 3, plan: { ...base, rounds, seconds } };
}

function readNames(given: string | undefined, known: readonly string[]): readonly string[] | undefined {
  const names = given?.split(",");
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`unknown name \`${unknown}\` in --only (expected some of ${known.join(", ")})`);
  return names;
}

function readNumber(name: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() === "" || !(value >= least) || !Number.isFinite(value)) {
    throw new Error(`--${name} needs a number of at least ${least}, not \`${given}\``);
  }
  return value;
}
