// Installs the programs that tests drive and that are missing here: as root with apt, unless ANTOM_TESTS_NO_INSTALL=1. Says so before it does.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { isInstalled, missingPrograms } from "../.build/test/helpers/programs.js";

// What maintainer scripts ask before they start a service (Debian policy 9.3.3); 101 forbids it.
const POLICY = "/usr/sbin/policy-rc.d";

export async function installPrograms() {
  const missing = missingPrograms();
  const packages = [...new Set(missing.map((source) => source.package))].toSorted();
  if (packages.length === 0 || process.env.ANTOM_TESTS_NO_INSTALL === "1") return;
  if (process.getuid?.() !== 0 || !isInstalled("apt-get")) return;
  const words = ["install", "-y", "-q", "--no-install-recommends", ...packages];
  say(`installing programs that the tests drive: \`apt-get ${words.join(" ")}\` (ANTOM_TESTS_NO_INSTALL=1 stops this) …`);
  await withoutServices(() => {
    if (!aptGet(words)) {
      aptGet(["update", "-q"]);
      if (!aptGet(words)) say("`apt-get` failed; the tests that need these programs are named at the end");
    }
  });
  // Not at the next start of the machine either. Tests start servers of their own, on free ports.
  for (const service of new Set(missing.flatMap(({ service = [] }) => service))) disable(service);
}

// Without systemctl a package's scripts enable its service all the same: by the links that systemd would read, and for System V by those of its run levels.
function disable(service) {
  const ways = isInstalled("systemctl")
    ? [["systemctl", "disable", service]]
    : [
        ["deb-systemd-helper", "disable", `${service}.service`],
        ["update-rc.d", service, "disable"],
      ];
  for (const [command, ...words] of ways) if (isInstalled(command)) spawnSync(command, words, { stdio: "ignore" });
}

async function withoutServices(install) {
  const isOurs = !existsSync(POLICY);
  let signal;
  const interrupted = (name) => {
    signal = name;
  };
  // A signal waits until the policy is gone again.
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, interrupted);
  if (isOurs) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(POLICY);
  }
  await new Promise(setImmediate);
  for (const name of ["SIGINT", "SIGTERM"]) process.removeListener(name, interrupted);
  if (signal !== undefined) process.kill(process.pid, signal);
}

function aptGet(words) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", words, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function say(text) {
  process.stderr.write(`antom-fault-proxy: ${text}\n`);
}
