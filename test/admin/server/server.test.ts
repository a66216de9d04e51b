/** The admin server over real sockets: probes, the guard before every route, and a clean end. */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import t from "tap";
import { type AdminOptions, startAdmin } from "../../../src/admin/server/server.ts";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; host?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      { host: options.host ?? "127.0.0.1", port, path, method: options.method ?? "GET", headers: options.headers ?? {}, agent: false },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
      },
    );
    call.on("error", reject).end(options.body);
  });
}

function options(changes: Partial<AdminOptions> = {}): AdminOptions {
  return {
    host: "127.0.0.1",
    port: 0,
    metrics: { text: async () => "up 1\n", contentType: "text/plain; version=0.0.4; charset=utf-8" },
    notReady: () => [],
    ...changes,
  };
}

t.test("metrics and probes answer", async (t) => {
  let reasons: string[] = ["no rules are loaded"];
  const admin = await startAdmin(options({ notReady: () => reasons }));
  t.teardown(() => admin.stop());
  t.match(await ask(admin.port, "/metrics"), { status: 200, text: "up 1\n", headers: { "content-type": /version=0\.0\.4/ } });
  t.match(await ask(admin.port, "/healthz"), { status: 200, text: '{"status":"ok"}' });
  t.match(await ask(admin.port, "/readyz"), { status: 503, text: '{"status":"not ready","reasons":["no rules are loaded"]}' });
  reasons = [];
  t.match(await ask(admin.port, "/readyz"), { status: 200, text: '{"status":"ready"}' });
  t.match(await ask(admin.port, "/healthz", { method: "HEAD" }), { status: 200, text: "" });
});

t.test("what is not there is 404, and a wrong method 405, both as JSON with the security headers", async (t) => {
  const admin = await startAdmin(options());
  t.teardown(() => admin.stop());
  t.match(await ask(admin.port, "/nothing"), {
    status: 404,
    text: /"error"/,
    headers: { "content-type": /json/, "x-content-type-options": "nosniff" },
  });
  const wrong = await ask(admin.port, "/metrics", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  t.match(wrong, { status: 405, headers: { allow: "GET, HEAD", "content-security-policy": /^default-src 'none'/ } });
});

t.test("a foreign Host or Origin is refused on every route, known or not", async (t) => {
  const admin = await startAdmin(options({ hostNames: ["Proxy.test"] }));
  t.teardown(() => admin.stop());
  for (const path of ["/metrics", "/healthz", "/readyz", "/nothing"]) {
    t.match(await ask(admin.port, path, { headers: { host: `evil.test:${admin.port}` } }), { status: 403 }, `${path} foreign host`);
    t.match(await ask(admin.port, path, { headers: { origin: "http://evil.test" } }), { status: 403 }, `${path} foreign origin`);
    t.match(await ask(admin.port, path, { headers: { origin: "null" } }), { status: 403 }, `${path} opaque origin`);
  }
  t.match(await ask(admin.port, "/healthz", { headers: { host: `localhost:${admin.port}`, origin: `http://localhost:${admin.port}` } }), {
    status: 200,
  });
  t.match(await ask(admin.port, "/healthz", { headers: { host: "proxy.test" } }), { status: 200 });
});

t.test("off loopback a token is required, but not by the probes", async (t) => {
  await t.rejects(startAdmin(options({ host: "0.0.0.0" })), /needs a token to listen on `0.0.0.0`/);
  const admin = await startAdmin(options({ host: "0.0.0.0", token: "right" }));
  t.teardown(() => admin.stop());
  t.equal(admin.origin, `http://127.0.0.1:${admin.port}`);
  t.match(await ask(admin.port, "/metrics"), { status: 401, headers: { "www-authenticate": "Bearer" } });
  t.match(await ask(admin.port, "/nothing"), { status: 401 }, "which routes there are is not told either");
  t.match(await ask(admin.port, "/metrics", { headers: { authorization: "Bearer wrong" } }), { status: 401 });
  t.match(await ask(admin.port, "/metrics", { headers: { authorization: "Bearer right" } }), { status: 200 });
  t.match(await ask(admin.port, "/healthz"), { status: 200 });
  t.match(await ask(admin.port, "/readyz"), { status: 200 });
});

t.test("a token cannot be guessed quickly, and the right one is not delayed", async (t) => {
  const admin = await startAdmin(options({ host: "0.0.0.0", token: "right" }));
  t.teardown(() => admin.stop());
  const guess = (token: string) => ask(admin.port, "/metrics", { headers: { authorization: `Bearer ${token}` } });
  for (let n = 0; n < 6; n += 1) t.equal((await guess(`wrong${n}`)).status, 401);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(`wrong${n}`)));
  const statuses = answers.map(({ status }) => status);
  t.equal(statuses.filter((status) => status === 401).length, 4, "four are judged");
  t.equal(statuses.filter((status) => status === 429).length, 16, "the others are refused unread");
  t.match(
    answers.find(({ status }) => status === 429),
    { headers: { "retry-after": "2" } },
  );
  t.equal((await guess("right")).status, 200);
});

t.test("a session that was opened on the login page is ended by a log-out", async (t) => {
  const admin = await startAdmin(options({ host: "0.0.0.0", token: "right" }));
  t.teardown(() => admin.stop());
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const login = await ask(admin.port, "/login", { method: "POST", headers: form, body: "token=right" });
  t.equal(login.status, 303);
  const cookie = String(login.headers["set-cookie"]).split(";")[0] ?? "";
  t.equal((await ask(admin.port, "/metrics", { headers: { cookie } })).status, 200);
  const headers = { cookie, "content-type": "application/json" };
  t.match(await ask(admin.port, "/logout", { method: "POST", headers, body: "{}" }), {
    status: 200,
    headers: { "set-cookie": [/Max-Age=0/] },
  });
  t.equal((await ask(admin.port, "/metrics", { headers: { cookie } })).status, 401);
  t.equal((await ask(admin.port, "/logout", { method: "POST", headers, body: "{}" })).status, 401, "nobody else can use it");
});

t.test("a port that is taken is one clear error", async (t) => {
  const admin = await startAdmin(options());
  t.teardown(() => admin.stop());
  await t.rejects(startAdmin(options({ port: admin.port })), new RegExp(`cannot listen on \`127.0.0.1:${admin.port}\`.*EADDRINUSE`));
});

t.test("a bug in a route is answered 500, told of, and survived", async (t) => {
  const bugs: unknown[] = [];
  const failing = { text: () => Promise.reject(new Error("boom")), contentType: "text/plain" };
  const admin = await startAdmin(options({ metrics: failing, onBug: (error) => bugs.push(error) }));
  t.teardown(() => admin.stop());
  t.match(await ask(admin.port, "/metrics"), { status: 500, text: '{"error":"bug in the proxy, please report it"}' });
  t.match(bugs, [{ message: "boom" }]);
  t.match(await ask(admin.port, "/healthz"), { status: 200 });
});

t.test("stop ends idle keep-alive connections at once", async (t) => {
  const admin = await startAdmin(options());
  const socket = connect(admin.port, "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("data", () => resolve()).write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n`));
  const startedAt = performance.now();
  await admin.stop();
  t.ok(performance.now() - startedAt < 1000);
  await t.rejects(ask(admin.port, "/healthz"), { code: "ECONNREFUSED" });
  socket.destroy();
});
