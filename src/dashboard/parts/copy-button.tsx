/** Copies a text and says so. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

interface CopyProps {
  /** What the button copies, for its name: `the public key`. */
  readonly what: string;
  readonly label?: string;
  /** Among other buttons: with a border like them. */
  readonly framed?: boolean;
  readonly text: () => string | Promise<string>;
}

const SAID_MS = 2000;

export function CopyButton({ what, label = "Copy", framed = false, text }: CopyProps): JSX.Element {
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    const done = await copyText(await text());
    setSaid(done ? "Copied" : "Not allowed here");
    setTimeout(() => setSaid(""), SAID_MS);
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
