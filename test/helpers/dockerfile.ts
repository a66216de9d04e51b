/** Reads docker/Dockerfile well enough to do by hand what an engine would do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./program.ts";

export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** One `FROM … AS name`; the last stage has no name. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages in order, continuation lines joined, comments left out. */
export function readDockerfile(): readonly Stage[] {
  const text = readFileSync(join(projectRoot, "docker", "Dockerfile"), "utf8");
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const whole = lines
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n");
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of whole) {
    const [, word = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, base = "", name = ""] = word === "FROM" ? (/^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []) : [];
    if (word === "FROM") stages.push({ name, base, instructions: [] });
    else stages.at(-1)?.instructions.push({ word, rest });
  }
  return stages;
}

/** What stands behind every `word` of a stage. */
export function allOf(stage: Stage | undefined, word: string): readonly string[] {
  return stage?.instructions.filter((instruction) => instruction.word === word).map(({ rest }) => rest) ?? [];
}

/** The variables that ENV sets. */
export function environmentOf(stage: Stage | undefined): Record<string, string> {
  const pairs = allOf(stage, "ENV").flatMap((rest) => rest.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** The words of a JSON-form instruction, such as ENTRYPOINT. */
export function wordsOf(rest: string | undefined): string[] {
  const words: unknown = JSON.parse(rest?.slice(rest.indexOf("[")) ?? "[]");
  return Array.isArray(words) ? words.map(String) : [];
}
