/** Copies a text and says so. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { troubleOf } from "./use-action.ts";

interface CopyProps {
  /** What the button copies, for its name: `the public key`. */
  readonly what: string;
  readonly label?: string;
  /** Among other buttons: with a border like them. */
  readonly framed?: boolean;
  readonly text: () => string | Promise<string>;
}

const SAID_MS = 2000;
const TROUBLE_SAID_MS = 6000;

export function CopyButton({ what, label = "Copy", framed = false, text }: CopyProps): JSX.Element {
  const [said, setSaid] = useState("");
  const say = (words: string, ms: number): void => {
    setSaid(words);
    setTimeout(() => setSaid(""), ms);
  };
  const copy = async (): Promise<void> => {
    try {
      const done = await copyText(await text());
      say(done ? "Copied" : "Not allowed here", SAID_MS);
    } catch (error) {
      say(`Not copied: ${troubleOf(error).message}`, TROUBLE_SAID_MS);
    }
  };
  return (
    <button type="button" class={framed ? "" : "quiet"} aria-label={`${label} ${what}`} onClick={() => void copy()}>
      {said === "" ? label : said}
      <span class="hidden" role="status">
        {said}
      </span>
    </button>
  );
}

/** The clipboard of the browser is for secure pages only: http on another machine's address is none. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
