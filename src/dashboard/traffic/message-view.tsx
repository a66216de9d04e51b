/** A request or an answer: first line, headers to unfold, body. */
import type { JSX } from "preact";
import type { CallDetail } from "../../admin/api/views/call-view.ts";
import { counted, prettyBody } from "../format.ts";
import { CodeBlock } from "../parts/code-block.tsx";

interface MessageProps {
  readonly title: string;
  readonly message: CallDetail["request"] | CallDetail["response"];
  readonly line?: string;
  /** What to say where there is no message. */
  readonly missing: string;
}

export function MessageView({ title, message, line, missing }: MessageProps): JSX.Element {
  if (message === undefined) {
    return (
      <section class="message">
        <h3>{title}</h3>
        <p class="faint">{missing}</p>
      </section>
    );
  }
  const first = line ?? ("status" in message ? `HTTP ${message.status}` : "");
  return (
    <section class="message">
      <h3>
        {title} <span class="faint small">{counted(message.bodyBytes, "byte")}</span>
      </h3>
      <p class="first-line">
        <code>{first}</code>
      </p>
      <details>
        <summary>{counted(message.headers.length, "header")}</summary>
        <dl class="headers">
          {message.headers.map(([name, value], at) => (
            <div key={`${at} ${name}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {message.body !== "" && <CodeBlock label={`body of ${title}`} text={prettyBody(message.body)} />}
    </section>
  );
}
