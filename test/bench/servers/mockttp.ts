/** Peer: mockttp (HTTP Toolkit's engine), `--mode forward`, `resign` (beforeResponse) or `canned` (unsigned). */
import { getLocal } from "mockttp";
import { RESULT_CODE } from "../workload.ts";
import { resign } from "./resign.ts";
import { announce, privateKeyIn, publicKeyIn, readWords, wordOf } from "./settings.ts";

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
