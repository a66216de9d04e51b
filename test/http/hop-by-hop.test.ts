import t from "tap";
import { endingHere, endToEnd } from "../../src/http/hop-by-hop.ts";

t.test("headers of one connection do not cross the proxy, whatever their case", async (t) => {
  const hop = [
    "Connection",
    "keep-alive",
    "Keep-Alive",
    "timeout=5",
    "Transfer-Encoding",
    "chunked",
    "TE",
    "trailers",
    "Trailer",
    "x",
    "UPGRADE",
    "h2c",
  ];
  const proxy = ["Proxy-Authorization", "Basic x", "Proxy-Authenticate", "Basic", "Proxy-Connection", "close"];
  t.same(endToEnd([...hop, "Client-Id", "A", ...proxy]), ["Client-Id", "A"]);
});

t.test("headers that Connection nominates do not cross either", async (t) => {
  const headers = ["connection", "X-Once, close", "x-once", "1", "Connection", "x-twice", "X-Twice", "2", "x-kept", "3"];
  t.same(endToEnd(headers), ["x-kept", "3"]);
});

t.test("a caller may end further lines here", async (t) => {
  const headers = ["Host", "a", "Connection", "Keep-Alive, x-once", "X-Once", "1", "Expect", "100-continue", "x-kept", "3"];
  t.same(endToEnd(headers, endingHere("host", "expect")), ["x-kept", "3"]);
});

t.test("all other lines keep case, order and repetition", async (t) => {
  const headers = ["Host", "a", "SIGNATURE", "s", "accept", "x", "Accept", "y"];
  t.same(endToEnd(headers), headers);
});
