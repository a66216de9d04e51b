/** What a connection's first bytes tell. */
import t from "tap";
import { speechOf } from "../../../src/listeners/connection/sniff.ts";

t.test("the first bytes tell TLS, HTTP/1 and HTTP/2 apart", async (t) => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["\x16\x03\x01", "tls"],
    ["\x16", "tls"],
    ["GET / HTTP/1.1", "http1"],
    ["C", "http1"],
    ["POST", "http1"],
    ["PO", "http1"],
    ["PROPFIND", "http1"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http2"],
    ["PRI", "http2"],
    ["P", undefined],
    ["PR", undefined],
    ["\0", "http1"],
    ["\x15\x03\x01", "http1"],
  ];
  for (const [bytes, speech] of cases) t.equal(speechOf(Buffer.from(bytes, "latin1")), speech, JSON.stringify(bytes));
});
