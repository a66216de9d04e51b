/** What the REST interface and the page ask of the running proxy; app.ts hands it in. */
import type { Endpoint } from "../antom/sdk-setup/setup.ts";
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../observe/journal/journal.ts";
import type { Core } from "../proxy/handle.ts";
import type { FilesRead } from "../rules/files/read-files.ts";
import type { Kinds } from "../rules/language/vocabulary.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { RuleStore } from "../rules/store.ts";

/** The rules as text: the only truth, which the page writes like a person would. */
export interface RuleTexts {
  /** As they stand now; not always what is in force. */
  read(): Promise<FilesRead>;
  /** Replaces one text whole; a file that is not there yet is made. Rejects with a message for the user when it cannot be written. */
  write(file: string, text: string): Promise<void>;
  /** Takes what was written into force at once, or leaves the last good rules with their problems in the store. */
  reload(): Promise<void>;
  /** The file that a rule goes to which is none's yet. */
  readonly home: string;
}

export interface AdminPorts {
  /** Version of this program. */
  readonly version: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly store: RuleStore;
  readonly ledger: Ledger;
  readonly kinds: Kinds;
  readonly texts: RuleTexts;
  /** Takes a kept call once more. */
  readonly core: Core;
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
