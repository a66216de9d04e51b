import t from "tap";
import { formatAddress, urlOf } from "../../src/base/host-port.ts";

t.test("an address is shown as a URL that a client on this machine can use", async (t) => {
  t.equal(urlOf("http", { host: "127.0.0.1", port: 80 }), "http://127.0.0.1:80");
  t.equal(urlOf("https", { host: "::1", port: 8443 }), "https://[::1]:8443");
  t.equal(urlOf("http", { host: "0.0.0.0", port: 1 }), "http://127.0.0.1:1");
  t.equal(urlOf("http", { host: "::", port: 1 }), "http://[::1]:1");
  t.equal(urlOf("http", { host: "", port: 1 }), "http://127.0.0.1:1");
});

t.test("host and port are written as in a URL, IPv6 in brackets", async (t) => {
  t.equal(formatAddress({ host: "::1", port: 8443 }), "[::1]:8443");
  t.equal(formatAddress({ host: "a.example", port: 443 }), "a.example:443");
  t.equal(formatAddress({ host: "0.0.0.0", port: 0 }), "0.0.0.0:0");
});
