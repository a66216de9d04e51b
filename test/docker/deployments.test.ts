import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { describeProblem } from "../../src/base/problem.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { METRICS, PREFIX } from "../../src/observe/metrics/metric-definitions.ts";
import { parseRules } from "../../src/rules/language/parse.ts";
import { environmentOf, readDockerfile } from "../helpers/dockerfile.ts";
import { projectRoot } from "../helpers/program.ts";

const docker = join(projectRoot, "docker");
const text = (name: string): string => readFileSync(join(docker, name), "utf8");

/** The Config that the image's own variables and these make. */
function configWith(environment: Record<string, string>): ReturnType<typeof readConfig> {
  const { NODE_ENV: _, ...standard } = environmentOf(readDockerfile().at(-1));
  return readConfig({ flags: {}, environment: { ...standard, ...environment }, file: undefined });
}

const service = z.object({
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
});
const compose = z.object({
  services: z.object({ proxy: service, prometheus: service, grafana: service }),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

t.test("compose: the proxy's variables are settings, and the admin server has the token it needs off loopback", async (t) => {
  const { proxy } = compose.parse(parse(text("compose.yaml"))).services;
  const read = configWith(proxy.environment ?? {});
  if (read.kind === "bad") return t.fail(read.problems.map(describeProblem).join("\n"));
  t.match(read.config, {
    admin: { host: "0.0.0.0", port: 8081 },
    adminToken: "/run/secrets/admin-token",
    adminHostNames: ["proxy"],
    tlsHosts: ["proxy"],
  });
  t.equal(proxy.read_only, true);
  return undefined;
});

t.test("compose: what it mounts is there, and every port is bound to this machine only", async (t) => {
  const { services, volumes, secrets } = compose.parse(parse(text("compose.yaml")));
  for (const [name, one] of Object.entries(services)) {
    for (const port of one.ports ?? []) t.match(port, /^127\.0\.0\.1:/, name);
    for (const secret of one.secrets ?? []) t.ok(secret in secrets, secret);
    for (const mount of one.volumes ?? []) {
      const [source = ""] = mount.split(":");
      t.ok(source.startsWith(".") ? existsSync(join(docker, source)) : source in volumes, `${name}: ${mount}`);
    }
  }
  t.match(readFileSync(join(projectRoot, ".gitignore"), "utf8"), /^docker\/admin-token$/m, "the token is never committed");
});

t.test("Kubernetes: rules that load, variables that are settings, a root file system that nobody writes to", async (t) => {
  const documents = parseAllDocuments(text("kubernetes.yaml")).map((document): unknown => document.toJS());
  const [map, deployment, expose] = documents;
  const { data } = z.object({ kind: z.literal("ConfigMap"), data: z.object({ "rules.yaml": z.string() }) }).parse(map);
  const rules = parseRules([{ file: "rules.yaml", text: data["rules.yaml"] }], vocabulary);
  t.equal(rules.kind, "ok", rules.kind === "bad" ? rules.problems.map(describeProblem).join("\n") : "");
  const variable = z.object({ name: z.string(), value: z.string().optional() });
  const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
  const container = z.object({
    env: z.array(variable),
    ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
    readinessProbe: probe,
    livenessProbe: probe,
    securityContext: z.object({ readOnlyRootFilesystem: z.literal(true), allowPrivilegeEscalation: z.literal(false) }),
    volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), subPath: z.undefined().optional() })),
  });
  const pod = z.object({ containers: z.tuple([container]), volumes: z.array(z.object({ name: z.string() }).loose()) });
  const { spec } = z.object({ spec: z.object({ template: z.object({ spec: pod }) }) }).parse(deployment).spec.template;
  const [proxy] = spec.containers;
  // Where a value comes from a Secret, the one that the file's first lines tell to put there.
  const fromSecret = /state-url='([^']+)'/.exec(text("kubernetes.yaml"))?.[1] ?? "";
  const read = configWith(Object.fromEntries(proxy.env.map(({ name, value }) => [name, value ?? fromSecret])));
  if (read.kind === "bad") return t.fail(read.problems.map(describeProblem).join("\n"));
  t.match(read.config, { state: { kind: "redis" }, admin: { host: "0.0.0.0" }, signingKey: /^\/secrets\// });
  t.same(
    proxy.ports.map(({ containerPort }) => containerPort),
    [8080, 8081],
  );
  for (const { name } of proxy.volumeMounts)
    t.ok(
      spec.volumes.some((volume) => volume.name === name),
      name,
    );
  t.same(proxy.readinessProbe.httpGet, { path: "/healthz", port: "admin" }, "calls go on while Redis is away");
  t.match(expose, { kind: "Service", spec: { ports: [{ port: 8080 }, { port: 8081 }] } });
  return undefined;
});

t.test("alerts and dashboard name no metric that does not exist, and no label that it lacks", async (t) => {
  const own = new Map<string, readonly string[]>(
    Object.values(METRICS).flatMap(({ name, kind, labels }) =>
      kind === "histogram" ? [[`${PREFIX}${name}_bucket`, [...labels, "le"]] as const] : [[PREFIX + name, labels] as const],
    ),
  );
  for (const file of ["alerts.yml", "grafana/dashboards/antom-fault-proxy.json"]) {
    const names = [...text(file).matchAll(/antom_fault_proxy_\w+/g)].map(([name]) => name);
    t.ok(names.length > 5, file);
    for (const name of new Set(names)) t.ok(own.has(name), `${file}: ${name}`);
    for (const [, name = "", selector = ""] of text(file).matchAll(/(antom_fault_proxy_\w+)\{([^}]*)\}/g))
      for (const [, label = ""] of selector.matchAll(/(\w+)\s*(?:=~?|!=|!~)/g))
        t.ok(own.get(name)?.includes(label), `${file}: ${name} ${label}`);
  }
});
