/** Text in a fixed-width font that scrolls on its own, by keyboard too. */
import type { JSX } from "preact";

export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section would lose the line breaks
    <pre tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}
