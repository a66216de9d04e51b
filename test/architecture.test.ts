import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import t from "tap";
import ts from "typescript";
import { projectRoot } from "./helpers/program.ts";

const SRC = join(projectRoot, "src");
const TEST = join(projectRoot, "test");

/** From the ground up: a file imports its own room and those on lower floors. Rooms on one floor do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["base"],
  ["http"],
  ["ports", "config", "net"],
  ["faults"],
  ["rules"],
  ["antom", "ledger", "proxy"],
  ["upstream", "listeners", "observe", "sandbox"],
  ["admin"],
  ["dashboard", "app"],
  ["cli"],
  ["main", "index"],
];
/** In INNER_FLOORS: the files of the folder itself that have no entry of their own; the cycle test alone orders them. */
const OTHER_FILES = "other files";

/** Folders whose parts (subfolders and files) have an order of their own: a part imports those of earlier entries, and none of its own entry. */
const INNER_FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  admin: [["ports.ts"], ["actions"], ["export"], ["api"], ["server"]],
  antom: [["catalogue", "sdk-setup"], [OTHER_FILES]],
  ledger: [[OTHER_FILES], ["memory", "redis"]],
  listeners: [["certificates", "wire"], ["connection"], ["tunnel"], [OTHER_FILES]],
  observe: [["redact"], ["journal", "log", "metrics"]],
  rules: [
    ["event-queue.ts", "identity.ts", "rule.ts"],
    ["steps.ts"],
    ["ledger.ts", "rule-index.ts", "simulation.ts", "store.ts"],
    ["rule-set.ts"],
    ["language"],
    ["select"],
    ["caller-faults.ts", "layers.ts", "windows.ts"],
    ["edit"],
    ["files"],
    ["change-rules.ts", "temporary-rules.ts"],
  ],
};
const LIMIT_LINES = 200;
const MEAN_LINES = 90;

/** Rooms and files that may touch the world: files, sockets, processes, timers. */
const WORLDLY = [
  "admin/",
  "app/",
  "base/batch.ts",
  "base/event-loop.ts",
  "base/is-missing.ts",
  "base/keep-private.ts",
  "base/machine-clock.ts",
  "base/make-folder.ts",
  "base/subscribers.ts",
  "base/temporary-file.ts",
  "base/write-once.ts",
  "base/write-whole.ts",
  "cli/",
  "dashboard/",
  "ledger/memory/state-file.ts",
  "ledger/redis/",
  "listeners/",
  "main.ts",
  "net/",
  "observe/log/",
  "rules/files/",
  "sandbox/",
  "upstream/",
];
const WORLD_MODULES =
  /^(?:node:)?(?:fs|fs\/promises|net|tls|http|http2|https|dns|dns\/promises|child_process|cluster|worker_threads|timers|timers\/promises|os|process|tty)$|^(?:undici|http-proxy|chokidar|redis|ioredis)$/;

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = listFiles(SRC).filter((file) => file.endsWith(".ts") || file.endsWith(".tsx"));
const sources = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
const imports = new Map([...sources].map(([file, text]) => [file, importsOf(file, text)]));

t.test("imports point down: a room knows only itself and the floors below", async (t) => {
  const floorOf = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
  for (const file of files) t.ok(floorOf.has(roomOf(file)), `${shown(file)} stands in a room that has a floor`);
  const upward = edges().filter(([from, to]) => {
    const [here, there] = [roomOf(from), roomOf(to)];
    return here !== there && (floorOf.get(there) ?? 99) >= (floorOf.get(here) ?? -1);
  });
  t.same(
    upward.map(([from, to]) => `${shown(from)} -> ${shown(to)}`),
    [],
  );
});

for (const [folder, floors] of Object.entries(INNER_FLOORS)) {
  t.test(`the parts of ${folder}/ import those of lower floors only`, async (t) => {
    const floorOf = new Map(floors.flatMap((parts, floor) => parts.map((part) => [part, floor] as const)));
    const own = files.filter((file) => roomOf(file) === folder);
    const named = (file: string): string => (floorOf.has(partOf(file)) || partOf(file) === folderOf(file) ? partOf(file) : OTHER_FILES);
    t.same(
      [...new Set(own.map(named))].filter((part) => !floorOf.has(part)),
      [],
      "each part has a floor",
    );
    t.same(
      [...floorOf.keys()].filter((part) => !own.some((file) => named(file) === part)),
      [],
      "each entry names a part",
    );
    const upward = edges().filter(([from, to]) => {
      if (roomOf(from) !== folder || roomOf(to) !== folder || named(from) === named(to)) return false;
      return (floorOf.get(named(to)) ?? 99) >= (floorOf.get(named(from)) ?? -1);
    });
    t.same(
      upward.map(([from, to]) => `${shown(from)} -> ${shown(to)}`),
      [],
    );
  });
}

t.test("the actions of the admin interface know no HTTP: neither its server library nor a status code", async (t) => {
  const actions = files.filter((file) => shown(file).startsWith("src/admin/actions/"));
  t.ok(actions.length > 0);
  const libraries = /^(?:hono|@hono\/|(?:node:)?https?2?$)/;
  const importing = actions.filter((file) => (imports.get(file) ?? []).some(({ specifier }) => libraries.test(specifier)));
  t.same(importing.map(shown), []);
  const statusCode = /(?<![\w.])(?:[1-5]\d\d)(?![\w.])/;
  t.same(actions.filter((file) => statusCode.test(withoutComments(sources.get(file) ?? ""))).map(shown), []);
});

t.test("the page imports types of the REST interface alone, and nothing imports the page", async (t) => {
  const crossing = files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier, typeOnly }) => ({ from: shown(file), to: shown(resolve(dirname(file), specifier)), typeOnly }))
      .filter(({ from, to }) => from.startsWith("src/dashboard/") !== to.startsWith("src/dashboard/")),
  );
  t.ok(crossing.length > 0);
  t.same(
    crossing.filter(({ to, typeOnly }) => !(typeOnly && to.startsWith("src/admin/api/"))),
    [],
  );
});

t.test("no file is part of an import cycle", async (t) => {
  const targets = new Map<string, string[]>();
  for (const [from, to] of edges()) targets.set(from, [...(targets.get(from) ?? []), to]);
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].map(shown).join(" -> "));
    if (path.includes(file) || done.has(file)) return;
    for (const next of targets.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  t.same(cycles, []);
});

t.test("only the shells touch the world; everything else is handed its clock, files and sockets", async (t) => {
  const inner = files.filter((file) => !WORLDLY.some((place) => shown(file).slice(4).startsWith(place)));
  const imported = inner.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ specifier, typeOnly }) => !typeOnly && WORLD_MODULES.test(specifier))
      .map(({ specifier }) => `${shown(file)} imports ${specifier}`),
  );
  t.same(imported, []);
  const ambient = /\b(?:Date\.now\(|performance\.now\(|Math\.random\(|process\.(?!version)|setTimeout\(|setInterval\(|new Date\(\))/;
  const touching = inner.filter((file) => ambient.test(withoutComments(sources.get(file) ?? "")) && !shown(file).includes("/sdk-setup/"));
  t.same(touching.map(shown), []);
});

t.test("the gateway is named where it is known: the core is handed its words, fields and rules", async (t) => {
  const naming = (rooms: readonly string[], word: RegExp): string[] =>
    files.filter((file) => rooms.includes(roomOf(file)) && word.test(withoutComments(sources.get(file) ?? ""))).map(shown);
  t.same(
    naming(
      ["proxy", "listeners", "upstream", "notifications", "timeline", "rules", "ledger", "faults", "http", "net", "base"],
      /from "[^"]*antom/,
    ),
    [],
  );
  // The program's own name may appear, such as in the subject of its certificates.
  t.same(naming(["proxy", "listeners", "upstream", "notifications", "timeline"], /antom(?!-fault-proxy)|alipay/i), []);
  const fields = /(?:payment|refund|capture|customs)(?:Request)?Id/;
  t.same(
    naming(["proxy", "listeners", "upstream", "notifications", "timeline", "rules", "ledger", "observe", "faults", "http"], fields),
    [],
  );
});

t.test("files stay short enough to read in one go", async (t) => {
  const lengths = files.map((file) => [shown(file), (sources.get(file) ?? "").split("\n").length - 1] as const);
  t.same(
    lengths.filter(([, lines]) => lines > LIMIT_LINES),
    [],
  );
  const mean = lengths.reduce((sum, [, lines]) => sum + lines, 0) / lengths.length;
  t.ok(mean <= MEAN_LINES, `mean length ${mean.toFixed(0)}`);
});

t.test("every file says in its first lines what it is for", async (t) => {
  const silent = files.filter((file) => !/^(?:#![^\n]*\n)?\/\*\*/.test(sources.get(file) ?? ""));
  t.same(silent.map(shown), []);
});

t.test("every room has its tests: a file's own, or one of the file that is named for it", async (t) => {
  const untested = [...new Set(files.map(roomOf))].filter((room) => {
    // The page is tested in a browser, by test/browser.
    if (["ports", "main", "index", "dashboard"].includes(room)) return false;
    return !existsSync(join(TEST, room)) && !existsSync(join(TEST, `${room}.test.ts`));
  });
  t.same(untested, []);
});

t.test("no file of the project tells of a machine's paths, or holds a private key", async (t) => {
  const left = new Set(["node_modules", "dist", ".build", ".tap", ".git", "package-lock.json", ".antom-fault-proxy", "bench-results"]);
  const every = listFiles(projectRoot, left).filter((file) => statSync(file).size < 2 ** 20);
  const found = every.filter((file) => {
    const text = readFileSync(file, "utf8");
    return /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{20}/.test(text) || /(?:\/work\/|\/home\/\w|\/root\/)/.test(text);
  });
  t.same(
    found.map((file) => relative(projectRoot, file)).filter((file) => file !== "test/architecture.test.ts"),
    [],
  );
});

/** Every import of one file of src by another, types included. */
function edges(): [string, string][] {
  return files.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }): [string, string] => [file, resolve(dirname(file), specifier)])
      .filter(([, to]) => to.endsWith(".ts") || to.endsWith(".tsx")),
  );
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  ts.forEachChild(tree, (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ specifier: node.moduleSpecifier.text, typeOnly: isTypeOnly(node.importClause) });
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly });
    }
  });
  for (const specifier of loadedLater(tree)) found.push({ specifier, typeOnly: false });
  return found;
}

/** What `import("…")` names anywhere in a file. */
function loadedLater(tree: ts.SourceFile): string[] {
  const specifiers: string[] = [];
  const visit = (node: ts.Node): void => {
    const [first] = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
    if (first !== undefined && ts.isStringLiteral(first)) specifiers.push(first.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return specifiers;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.every((one) => one.isTypeOnly)
  );
}

function listFiles(folder: string, left: ReadonlySet<string> = new Set()): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !left.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name), left) : [join(folder, entry.name)]));
}

function roomOf(file: string): string {
  return (relative(SRC, file).split(sep)[0] ?? "").replace(/\.tsx?$/, "");
}

/** The subfolder of its folder that a file is in, or the file's own name where it is in none. */
function partOf(file: string): string {
  return relative(SRC, file).split(sep)[1] ?? "";
}

/** The subfolder that a file is in; undefined where it lies in its folder itself. */
function folderOf(file: string): string | undefined {
  const [, part, inside] = relative(SRC, file).split(sep);
  return inside === undefined ? undefined : part;
}

function shown(file: string): string {
  return relative(projectRoot, file).split(sep).join("/");
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}
