/** Reads single options of startProxy: a value of any type in, a checked one or a Problem that names the option out. */
import { KeyObject } from "node:crypto";
import type { Problem } from "../base/problem.ts";
import type { Setting } from "../config/settings.ts";

/** How an option's value becomes the text that a flag would have; undefined: it is of the wrong type. `remedy` replaces the flag's where it speaks of texts. */
export interface Spelling {
  readonly text: (value: unknown) => string | undefined;
  readonly expected: string;
  readonly remedy?: string;
}

/** Taken as it is. */
export const TEXT: Spelling = { text: (value) => (typeof value === "string" ? value : undefined), expected: "a string" };
/** As a switch in the settings file. */
export const SWITCH: Spelling = { text: (value) => (typeof value === "boolean" ? String(value) : undefined), expected: "true or false" };
/** As a duration. */
export const MILLISECONDS: Spelling = {
  text: (value) => (Number.isFinite(value) ? `${String(value)}ms` : undefined),
  expected: "a number from 1 to 86400000",
  remedy: "write milliseconds, such as 30000",
};
/** As a size. */
export const BYTES: Spelling = {
  text: (value) => (Number.isFinite(value) ? String(value) : undefined),
  expected: "a number from 1 to 1073741824",
  remedy: "write bytes, such as 8388608",
};

/** What createOptionsReader gives. */
export type OptionsReader = ReturnType<typeof createOptionsReader>;

/** Reads single options; what is wrong with them is added to `problems`. */
export function createOptionsReader(options: ReadonlyMap<string, unknown>, problems: Problem[]) {
  const wrong = (name: string, message: string, remedy: string | undefined): undefined => {
    problems.push({ file: name, line: undefined, column: undefined, message, remedy, frame: undefined });
  };
  return {
    wrong,
    /** By the table of settings. */
    setting<T, D>(name: string, { read }: Setting<T>, spelling: Spelling, standard: D): T | D {
      const value = options.get(name);
      if (value === undefined) return standard;
      const text = spelling.text(value);
      const result = text === undefined ? undefined : read(text);
      if (result?.kind === "ok") return result.value;
      const told = result === undefined ? `${shown(value)} is not ${spelling.expected}` : result.message;
      const { remedy = result?.remedy } = spelling;
      wrong(name, spelling.remedy === undefined ? told : `${shown(value)} is not ${spelling.expected}`, remedy);
      return standard;
    },
    /** By a reader of its own, which gives undefined for what is wrong. */
    value<T>(name: string, remedy: string, read: (value: unknown) => { readonly value: T } | undefined): T | undefined {
      const value = options.get(name);
      if (value === undefined) return undefined;
      const result = read(value);
      return result === undefined ? wrong(name, `${shown(value)} cannot be used here`, remedy) : result.value;
    },
    key: (name: string, type: "public" | "private", parse: (text: string) => KeyObject): KeyObject | undefined => {
      const value = options.get(name);
      const read = value === undefined ? undefined : readKey(value, type, parse);
      return read instanceof Error ? wrong(name, read.message, `give an RSA ${type} key as a KeyObject, PEM or bare base64`) : read;
    },
  };
}

/** The Error's message says what is wrong and holds no part of the key. */
function readKey(value: unknown, type: "public" | "private", parse: (text: string) => KeyObject): KeyObject | Error {
  if (value instanceof KeyObject) return value.type === type ? value : new Error(`this is a ${value.type} key`);
  if (typeof value !== "string") return new Error(`${shown(value)} is not a key`);
  try {
    return parse(value);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The value as a message may show it: what is not a short text or number may be a key. */
function shown(value: unknown): string {
  if (value === null) return "`null`";
  if (typeof value === "string") return value.length <= 40 ? `\`${value}\`` : "this text";
  return typeof value === "object" || typeof value === "function"
    ? `this ${Array.isArray(value) ? "list" : typeof value}`
    : `\`${String(value)}\``;
}
