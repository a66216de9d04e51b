/** A request or an answer: first line, headers to unfold, body. */
import type { JSX } from "preact";
import type { CallDetail } from "../../admin/api/views/call-view.ts";
import { counted, prettyBody } from "../format.ts";
import { CodeBlock } from "../parts/code-block.tsx";

interface MessageProps {
  readonly title: string;
  readonly message: CallDetail["request"] | CallDetail["response"];
  readonly line?: string;
  /** Body bytes that were sent, where they are known and it was sent. */
  readonly sentBytes?: number | undefined;
  /** What to say where there is no message. */
  readonly missing: string;
}

export function MessageView({ title, message, line, sentBytes, missing }: MessageProps): JSX.Element {
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
        {title} <span class="faint small">{sizeOf(message.bodyBytes, sentBytes)}</span>
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
      {isBrokenJson(message) && <p class="trouble">This is not valid JSON, although its type says so.</p>}
      {message.body !== "" && <CodeBlock label={`body of ${title}`} text={prettyBody(message.body)} />}
    </section>
  );
}

/** Longer bodies are shown in part, and coded ones perhaps not at all, so that nothing can be said of them. */
const WHOLE_BYTES = 256 * 1024;

function isBrokenJson({ headers, body, bodyBytes }: NonNullable<MessageProps["message"]>): boolean {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const isCoded = headers.some(([name]) => name.toLowerCase() === "content-encoding");
  if (isCoded || !/json/i.test(type) || body === "" || bodyBytes > WHOLE_BYTES || body.length > WHOLE_BYTES) return false;
  try {
    JSON.parse(body);
    return false;
  } catch {
    return true;
  }
}

/** The body below is the answer as it was made: where it was cut, fewer bytes of it were sent. */
function sizeOf(bodyBytes: number, sentBytes: number | undefined): string {
  const size = counted(bodyBytes, "byte");
  return sentBytes === undefined || sentBytes === bodyBytes ? size : `${size}, of which ${sentBytes.toLocaleString("en")} were sent`;
}
