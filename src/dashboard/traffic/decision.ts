/** What was decided on a call, in a sentence, from its record alone. Pure. */
import type { CallDetail } from "../../admin/api/views/call-view.ts";

/** Names are in backquotes. Nothing in it depends on the rules in force now. */
export function decisionOn({ outcome, rule, refusal, failure }: CallDetail): string {
  const acted = rule === undefined ? "No rule acted" : `\`${rule}\` acted`;
  switch (outcome) {
    case "injected":
      return `${acted}: the answer is not the gateway’s.`;
    case "forwarded":
      return rule === undefined ? "No rule acted: the call was forwarded." : `${acted}, and the call was forwarded.`;
    case "refused":
      return `The call was refused before anything was sent to the gateway${refusal === undefined ? "" : ` (\`${refusal}\`)`}.`;
    case "failed":
      return `${acted}. The call failed${failure === undefined ? "" : ` (\`${failure.kind}\`): ${failure.detail}`}.`;
    case "tunnelled":
      return "The call was carried without being read: no rule can act on it.";
    default:
      return outcome satisfies never;
  }
}
