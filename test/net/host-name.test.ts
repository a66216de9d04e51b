/** Host names and authorities as clients and users write them. */
import t from "tap";
import { readAuthority, readHost } from "../../src/net/host-name.ts";

t.test("names and addresses are read in one spelling", async (t) => {
  t.equal(readHost("Open-NA.Alipay.com."), "open-na.alipay.com");
  t.equal(readHost("antom_proxy"), "antom_proxy");
  t.equal(readHost("[::1]"), "::1");
  t.equal(readHost("10.0.0.1"), "10.0.0.1");
  t.equal(readHost("xn--bcher-kva.example"), "xn--bcher-kva.example");
});

t.test("what the resolver would read as an address in disguise is no name", async (t) => {
  for (const text of ["0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "127.1", "1.2.3.4.5", "a.0x1"])
    t.equal(readHost(text), undefined, text);
});

t.test("what is neither name nor address is refused", async (t) => {
  const wrong = [
    "",
    ".",
    "a..b",
    "-a.example",
    "a-.example",
    "a b",
    "a/b",
    "a@b",
    "a\r\nb",
    "*",
    "ü.example",
    "a".repeat(64),
    `${"a.".repeat(127)}ab`,
    "[::1",
    "::1]",
  ];
  for (const text of wrong) t.equal(readHost(text), undefined, JSON.stringify(text));
});

t.test("an authority has a host and a port", async (t) => {
  t.same(readAuthority("A.example:443"), { host: "a.example", port: 443 });
  t.same(readAuthority("[::1]:8443"), { host: "::1", port: 8443 });
  t.same(readAuthority("a.example", 80), { host: "a.example", port: 80 });
  for (const text of [
    "a.example",
    "a.example:",
    "a.example:0",
    "a.example:65536",
    "a.example:+1",
    "a.example:443/",
    "u@a.example:443",
    "::1:443",
    ":443",
    "a:1:2",
  ]) {
    t.equal(readAuthority(text), undefined, text);
  }
});
