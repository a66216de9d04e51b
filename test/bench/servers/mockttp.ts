/** Peer: mockttp (HTTP Toolkit's engine), `--mode forward`, `resign` (beforeResponse) or `canned` (unsigned). */
import { createRequire } from "node:module";
import { MOCKTTP_PACKAGE } from "../systems/mockttp-package.ts";
import { RESULT_CODE } from "../workload.ts";
import { resign } from "./resign.ts";
import { announce, privateKeyIn, publicKeyIn, readWords, wordOf } from "./settings.ts";

/** What is used of mockttp, which is installed for `npm run bench` alone: its own types are not there when this is compiled. */
interface Mockttp {
  getLocal(options: { readonly recordTraffic: boolean }): {
    readonly port: number;
    start(ports: { readonly startPort: number; readonly endPort: number }): Promise<void>;
    forAnyRequest(): {
      thenJson(status: number, body: object): Promise<unknown>;
      thenForwardTo(
        upstream: string,
        options?: {
          beforeResponse(
            response: { readonly headers: Record<string, string>; readonly body: { readonly buffer: Buffer } },
            request: { readonly path: string },
          ): Promise<{ headers: Record<string, string> } | undefined>;
        },
      ): Promise<unknown>;
    };
  };
}

const { getLocal }: Mockttp = createRequire(MOCKTTP_PACKAGE)("mockttp");
const words = readWords();
const mode = wordOf(words, "mode");
const server = getLocal({ recordTraffic: false });
await server.start({ startPort: 20_000, endPort: 40_000 });
const rule = server.forAnyRequest();
if (mode === "canned") {
  await rule.thenJson(200, { result: { resultCode: RESULT_CODE, resultStatus: "F", resultMessage: "The payment is rejected." } });
} else if (mode === "forward") {
  await rule.thenForwardTo(wordOf(words, "upstream"));
} else {
  const keys = { gateway: publicKeyIn(wordOf(words, "gateway-key")), own: privateKeyIn(wordOf(words, "own-key")) };
  await rule.thenForwardTo(wordOf(words, "upstream"), {
    async beforeResponse({ headers, body }, { path }) {
      const signature = resign({ path, headers, body: body.buffer }, keys);
      return signature === undefined ? undefined : { headers: { ...headers, signature } };
    },
  });
}
announce(`http://127.0.0.1:${server.port}`);
