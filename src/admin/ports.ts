/** What the REST interface and the page ask of the running proxy; app.ts hands it in. */
import type { Endpoint } from "../antom/sdk-setup/setup.ts";
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../observe/journal/journal.ts";
import type { Pipeline } from "../proxy/pipeline.ts";
import type { ApplyChange } from "../rules/change-rules.ts";
import type { Vocabulary } from "../rules/language/vocabulary.ts";
import type { RuleLayers } from "../rules/layers.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { RuleStore } from "../rules/store.ts";

export interface AdminPorts {
  /** Version of this program. */
  readonly version: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly store: RuleStore;
  readonly ledger: Ledger;
  readonly vocabulary: Vocabulary;
  /** Changes the rules; the changes of all callers wait for each other. */
  readonly apply: ApplyChange;
  /** The rules in force by layer. */
  layers(): RuleLayers;
  /** The file to which new rules are written; undefined where the proxy has no rules files, so that all its rules are temporary. */
  readonly rulesFile: string | undefined;
  /** Takes a kept call once more. */
  readonly pipeline: Pick<Pipeline, "resend">;
  /** How a merchant's SDK reaches the proxy. */
  readonly endpoint: Endpoint;
  readonly publicKeyPem: string;
  /** Origins really bound. */
  readonly listeners: readonly string[];
  /** The origin that calls go to; `standIn` when it is the built-in sandbox. */
  readonly upstream: string;
  readonly standIn: boolean;
  /** Whether clients must send a token, or log in with it. */
  readonly asksForToken: boolean;
}
