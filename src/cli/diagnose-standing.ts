/** Problems with a caller's credentials: the guard's findings, each with a remedy. */
import type { Identity } from "../ports/ports.ts";

/** A problem and its remedy. */
export interface Complaint {
  readonly what: string;
  readonly remedy: string;
}

const TEST_KEY = "a TEST key (`isak_TEST_…` or `irak_TEST_…`)";

/** Remedies by the guard's reason. */
const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  path: `use a client id that begins with \`SANDBOX_\`, or ${TEST_KEY}, and let the SDK make the path`,
  "client-id": `use a client id that begins with \`SANDBOX_\`, or ${TEST_KEY}; send it once`,
  "api-key": `use ${TEST_KEY}, or your RSA client without an \`Authorization\` header`,
  authorization: `send one \`Authorization\` line with ${TEST_KEY}, and do not name it in \`Connection\``,
  session: "make the session through this proxy with `meter.createSession`, under your sandbox client id or TEST key",
};

/** Empty for a sandbox call. */
export function standingComplaints({ standing, apiKey }: Identity): Complaint[] {
  if (standing.kind === "sandbox") return [];
  if (standing.kind === "refused") {
    return [
      {
        what: standing.message,
        remedy: REMEDIES[standing.reason] ?? `send \`${standing.reason}\` once, and do not name it in \`Connection\``,
      },
    ];
  }
  if (apiKey !== undefined) return [{ what: "this is a production call: its API key is for PROD", remedy: `configure ${TEST_KEY}` }];
  const what = "this is a production call: neither path nor client id is a sandbox one";
  return [{ what, remedy: "configure your sandbox client id (`SANDBOX_…`): the SDK then calls `/ams/sandbox/api/…` by itself" }];
}
