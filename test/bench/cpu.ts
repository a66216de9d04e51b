/** CPU time, memory and sockets of a process and its children, read from Linux's /proc; undefined on other systems. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Jiffies a second; 100 on every Linux that Node runs on. */
const TICKS = 100;

interface Reading {
  readonly pid: number;
  readonly parent: number;
  /** In steps of 10 ms, the time of threads that have ended included. */
  readonly tickSeconds: number;
}

/** CPU seconds that the process and all its living children have used since they began. */
export function cpuSecondsOf(pid: number): number | undefined {
  const readings = readAll();
  if (!readings.some((reading) => reading.pid === pid)) return undefined;
  const family = new Set([pid]);
  let size = 0;
  while (size < family.size) {
    size = family.size;
    for (const reading of readings) if (family.has(reading.parent)) family.add(reading.pid);
  }
  return readings
    .filter((reading) => family.has(reading.pid))
    .reduce((sum, reading) => sum + (threadSecondsOf(reading.pid) ?? reading.tickSeconds), 0);
}

/** CPU seconds of the living threads of one process in nanoseconds, where the kernel tells them (`schedstat`); the programs measured here end no threads. */
function threadSecondsOf(pid: number): number | undefined {
  const folder = `/proc/${pid}/task`;
  const times = listFolder(folder).map((thread) => /^\d+/.exec(readProc(`${folder}/${thread}/schedstat`))?.[0]);
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, time) => sum + Number(time), 0) / 1e9;
}

/** Resident memory in MiB. */
export function residentMib(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** Open sockets of the process, those included that it no longer thinks of. */
export function socketsOf(pid: number): number | undefined {
  const folder = `/proc/${pid}/fd`;
  const names = listFolder(folder);
  return names.length === 0 ? undefined : names.filter((name) => leadsToSocket(`${folder}/${name}`)).length;
}

/** A descriptor may be closed between listing and looking. */
function leadsToSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith("socket:");
  } catch {
    return false;
  }
}

function readAll(): readonly Reading[] {
  return listFolder("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
}

/** Empty where the folder cannot be read. */
function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** proc(5): after the name in brackets follow state, parent and, as fields 14 and 15, user and system time. */
function readStat(pid: number): Reading[] {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === "") return [];
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return [{ pid, parent: Number(fields[1]), tickSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS }];
}

function readProc(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
