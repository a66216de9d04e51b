/** The door's events in words. */
import t from "tap";
import { describeDoorEvent } from "../../../src/listeners/connection/describe-door-event.ts";

const remoteAddress = "127.0.0.1";

t.test("a client that does not trust the CA is told how to", async (t) => {
  const detail =
    "0:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../deps/openssl/ssl/record.c:1590:SSL alert number 48";
  const line = describeDoorEvent({ kind: "handshake", remoteAddress, serverName: "localhost", detail });
  t.match(line, { kind: "warning", fields: { door: "handshake" } });
  t.equal(
    line.message,
    "a client that asked for `localhost` does not trust the proxy's certificate: `antom-fault-proxy ca` prints how to make it",
  );
  const other = describeDoorEvent({ kind: "handshake", remoteAddress, serverName: undefined, detail: "wrong version number" });
  t.equal(other.message, "a TLS handshake without a server name failed: wrong version number");
});

t.test("tunnels are told by their end", async (t) => {
  const at = (outcome: "intercepted" | "tunnelled" | "refused" | "failed") =>
    describeDoorEvent({ kind: "connect", remoteAddress, target: "a.example:443", outcome, detail: "why" });
  t.same(
    [at("intercepted"), at("tunnelled"), at("refused"), at("failed")].map(({ kind, message }) => `${kind}: ${message}`),
    [
      "notice: opened the tunnel to `a.example:443`",
      "notice: a tunnel to `a.example:443` passes untouched",
      "warning: refused a tunnel to `a.example:443`: why",
      "warning: a tunnel to `a.example:443` failed: why",
    ],
  );
});

t.test("broken requests and dropped connections are told", async (t) => {
  t.match(
    describeDoorEvent({ kind: "malformed", remoteAddress, detail: "two hosts" }).message,
    "refused an invalid HTTP request: two hosts",
  );
  t.match(describeDoorEvent({ kind: "dropped", remoteAddress }).message, "too many");
});
