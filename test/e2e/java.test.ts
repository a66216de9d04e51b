/** Java's own clients, which check certificates strictly: accepted with our CA alone, refused without it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/app/start-proxy.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const HOST = "open-na.alipay.com";
const PATH = "/ams/sandbox/api/v1/payments/inquiryPayment";

/** Calls each URL with HttpsURLConnection (as the official SDK does) and with java.net.http.HttpClient; one line each. */
const PROGRAM = `
import java.net.*;
import java.net.http.*;
import java.io.*;
public class Call {
    public static void main(String[] args) throws Exception {
        for (String url : args) {
            System.out.println("old " + attempt(() -> old(url)));
            System.out.println("new " + attempt(() -> fresh(url)));
        }
    }
    interface Job { String run() throws Exception; }
    static String attempt(Job job) {
        try { return job.run(); } catch (Exception error) { return error.toString().replace('\\n', ' '); }
    }
    static String old(String url) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("client-id", "SANDBOX_1");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) { out.write("{}".getBytes()); }
        return connection.getResponseCode() + " " + new String(connection.getInputStream().readAllBytes());
    }
    static String fresh(String url) throws Exception {
        HttpClient client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("client-id", "SANDBOX_1").POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.version() + " " + response.body();
    }
}
`;

async function start(): Promise<RunningProxy> {
  return await startProxy({ rules: [{ name: "always", api: "inquiryPayment", active: true, result: "UNKNOWN_EXCEPTION" }] });
}

t.test(
  "Java accepts our certificates with the CA in its trust store, directly, by HTTP/2 and through CONNECT",
  needs("java", "javac", "keytool"),
  async (t) => {
    t.setTimeout(120_000);
    const proxy = await start();
    t.teardown(() => proxy.stop());
    const folder = t.testdir({ "Call.java": PROGRAM });
    writeFileSync(join(folder, "ca.pem"), proxy.caPem);
    const store = join(folder, "trust.p12");
    const imported = await runCommand("keytool", [
      ...["-importcert", "-noprompt", "-alias", "antom-fault-proxy", "-file", join(folder, "ca.pem")],
      ...["-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit"],
    ]);
    t.equal(imported.code, 0, imported.stderr);
    const compiled = await runCommand("javac", ["-d", folder, join(folder, "Call.java")], { timeoutMs: 60_000 });
    t.equal(compiled.code, 0, compiled.stderr);
    const trust = [`-Djavax.net.ssl.trustStore=${store}`, "-Djavax.net.ssl.trustStorePassword=changeit"];
    const port = new URL(proxy.url).port;
    const call = async (flags: readonly string[], ...urls: readonly string[]): Promise<string[]> => {
      const ran = await runCommand("java", ["-XX:TieredStopAtLevel=1", ...flags, "-cp", folder, "Call", ...urls], { timeoutMs: 60_000 });
      return ran.stdout
        .toString()
        .trim()
        .split("\n")
        .concat(ran.code === 0 ? [] : [ran.stderr]);
    };
    const direct = await call(
      trust,
      `https://localhost:${port}${PATH}`,
      `https://127.0.0.1:${port}${PATH}`,
      `http://127.0.0.1:${port}${PATH}`,
    );
    t.equal(direct.length, 6, direct.join("\n"));
    for (const line of direct) t.match(line, /200 .*UNKNOWN_EXCEPTION/);
    t.match(direct[1], "HTTP_2");
    t.match(direct[5], "HTTP_1_1", "an offer to upgrade to h2c is ignored, and the call served");
    const proxied = [...trust, "-Dhttps.proxyHost=127.0.0.1", `-Dhttps.proxyPort=${port}`, "-Dhttp.nonProxyHosts="];
    for (const line of await call(proxied, `https://${HOST}${PATH}`)) t.match(line, /200 .*UNKNOWN_EXCEPTION/);
    const ways = new Set(proxy.calls().map(({ arrival }) => arrival.way));
    t.same([...ways].toSorted(), ["connect", "http", "http2", "https"]);
    for (const line of await call([], `https://localhost:${port}${PATH}`))
      t.match(line, /SSLHandshakeException|unable to find valid certification path/);
  },
);
