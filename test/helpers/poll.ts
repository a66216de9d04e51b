/** Waits for what another party brings about, however slow the machine is, and reads what a running proxy counts. */

const INTERVAL_MS = 5;
/** Far more than a loaded machine needs. */
const LONGEST_MS = 60_000;

/** Resolves once `holds` gives true, asked every `intervalMs`; rejects after a minute. */
export async function till(holds: () => boolean | Promise<boolean>, intervalMs = INTERVAL_MS): Promise<void> {
  const endMs = performance.now() + LONGEST_MS;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`it never came about: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

/** The value of a metric without labels, `calls_in_flight` say; NaN where it is not exposed. */
export async function metricOf({ adminUrl }: { readonly adminUrl: string | undefined }, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(new RegExp(`^antom_fault_proxy_${name} (\\S+)$`, "m").exec(text)?.[1]);
}

/** Whether nothing listens at `url` any more. */
export async function refuses(url: string): Promise<boolean> {
  return await fetch(url).then(
    () => false,
    (error: unknown) => error instanceof Error && String(error.cause).includes("ECONNREFUSED"),
  );
}
