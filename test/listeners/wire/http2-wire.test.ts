/** HTTP/2 heads as HTTP/1 values, and answer lines as HTTP/2 allows them. */
import t from "tap";
import { http2Headers } from "../../../src/http/http2-headers.ts";
import { readHttp2Head } from "../../../src/listeners/wire/http2-wire.ts";

t.test("pseudo-headers become the head, the authority its Host line", async (t) => {
  const raw = [
    ":method",
    "POST",
    ":path",
    "/a//b?c",
    ":scheme",
    "https",
    ":authority",
    "a.example:443",
    "client-id",
    "x",
    "x",
    "1",
    "x",
    "2",
  ];
  t.same(readHttp2Head(raw), {
    method: "POST",
    target: "/a//b?c",
    path: "/a//b?c",
    authority: "a.example:443",
    headers: ["host", "a.example:443", "client-id", "x", "x", "1", "x", "2"],
  });
});

t.test("a Host line gives way to the authority, and stands in where there is none", async (t) => {
  t.same(readHttp2Head([":authority", "a", "host", "b"]).headers, ["host", "a"]);
  t.match(readHttp2Head([":path", "/", "host", "b"]), { authority: "b", headers: ["host", "b"] });
  t.match(readHttp2Head([":path", "/"]), { authority: undefined, headers: [] });
});

t.test("cookie crumbs become one line", async (t) => {
  t.same(readHttp2Head([":path", "/", "cookie", "a=1", "x", "y", "cookie", "b=2"]).headers, ["x", "y", "cookie", "a=1; b=2"]);
});

t.test("answer lines lose their case and those of the connection; repeated ones are joined, cookies kept apart", async (t) => {
  const lines = [
    "X-A",
    "1",
    "Connection",
    "close, X-Hop",
    "X-Hop",
    "s",
    "x-a",
    "2",
    "Set-Cookie",
    "a",
    "set-cookie",
    "b",
    "Transfer-Encoding",
    "chunked",
  ];
  t.same(http2Headers([...lines, "Keep-Alive", "timeout=5", "Upgrade", "h2c"]), { "x-a": "1, 2", "set-cookie": ["a", "b"] });
});
