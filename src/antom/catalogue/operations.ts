/** The gateway's operations by name and by path, from operations.json: which API a request calls. */
import data from "./operations.json" with { type: "json" };

/** What is known of a message that the gateway sends to the merchant. */
export interface NotificationShape {
  /** The body field that tells the variants apart; undefined where there is none, or none is known. */
  readonly typeField: string | undefined;
  readonly types: readonly string[];
  /** Top-level fields of the body. */
  readonly requestFields: readonly string[];
}

/** One API of the gateway, or one notification that it sends. */
export interface Operation {
  /** Unique: `pay`, `billing.invoice.create`, `abaCreatePayout`. */
  readonly name: string;
  readonly kind: "call" | "notification";
  /** The path under a production client id; undefined where it is not published, and for notifications (they go to a URL of the merchant). */
  readonly path: string | undefined;
  /** The path under a sandbox client id; the same as `path` for the operations that no SDK rewrites. */
  readonly sandboxPath: string | undefined;
  /** Other production paths that documentation prints for the same operation. */
  readonly altPaths: readonly string[];
  /** Who sends `path` unchanged under a sandbox client id: every client, the Java SDK only, or (undefined) none. */
  readonly plainPathInSandbox: "all" | "java" | undefined;
  /** The chapter of the documentation: `Payment`, `Billing`. */
  readonly group: string;
  /** The name on the documentation page, where another operation already has it. */
  readonly docsName: string | undefined;
  readonly docsUrl: string | undefined;
  /** The body field that makes a call repeatable; undefined where none is documented. */
  readonly idempotencyField: string | undefined;
  /** Top-level fields that a successful answer always has; all of them, with their types: `responseFields` in response-types.ts. */
  readonly requiredResponseFields: readonly string[];
  /** Undefined for calls. */
  readonly notification: NotificationShape | undefined;
  readonly note: string | undefined;
}

type Row = (typeof data.operations)[number];

const PRODUCTION_ROOT = "/ams/api";
const SANDBOX_ROOT = "/ams/sandbox/api";

/** Month of the data. */
export const catalogueDate: string = data._meta.date;

/** All operations, calls first. */
export const operations: readonly Operation[] = data.operations.map(toOperation);

const byName: ReadonlyMap<string, Operation> = new Map(operations.map((operation) => [operation.name, operation]));
const byPath: ReadonlyMap<string, Operation> = indexPaths();

/** The operation of that exact name. */
export function operationNamed(name: string): Operation | undefined {
  return byName.get(name);
}

/**
 * The operation called at a path, given without its query and exactly as sent: production and sandbox form, in every spelling that an
 * official SDK or a documentation page uses. Nothing is normalised (signatures cover the path as it is); undefined for any other path.
 */
export function operationAtPath(path: string): Operation | undefined {
  return byPath.get(path);
}

/** Every path that means this operation. */
export function pathsOf(operation: Operation): readonly string[] {
  if (operation.path === undefined) return [];
  const paths = new Set([operation.path, ...(operation.sandboxPath === undefined ? [] : [operation.sandboxPath])]);
  // The .NET SDK rewrites every occurrence of the root, the others the first one only.
  if (operation.sandboxPath !== operation.path) paths.add(operation.path.replaceAll(PRODUCTION_ROOT, SANDBOX_ROOT));
  for (const path of operation.altPaths) {
    paths.add(path);
    paths.add(path.replace(PRODUCTION_ROOT, SANDBOX_ROOT));
    paths.add(path.replaceAll(PRODUCTION_ROOT, SANDBOX_ROOT));
  }
  return [...paths];
}

function indexPaths(): Map<string, Operation> {
  const index = new Map<string, Operation>();
  for (const operation of operations) {
    for (const path of pathsOf(operation)) index.set(path, operation);
  }
  return index;
}

function toOperation(row: Row): Operation {
  return {
    name: row.name,
    kind: row.kind === "notification" ? "notification" : "call",
    path: row.path,
    sandboxPath: row.sandboxPath ?? row.path?.replace(PRODUCTION_ROOT, SANDBOX_ROOT),
    altPaths: row.altPaths ?? [],
    plainPathInSandbox: toPlainPath(row.plainPathInSandbox),
    group: row.group,
    docsName: row.docsName,
    docsUrl: row.docsUrl,
    idempotencyField: row.idempotencyField,
    requiredResponseFields: row.requiredResponseFields ?? [],
    notification: toNotification(row),
    note: row.note,
  };
}

function toPlainPath(value: string | undefined): "all" | "java" | undefined {
  return value === "all" || value === "java" ? value : undefined;
}

function toNotification(row: Row): NotificationShape | undefined {
  if (row.kind !== "notification") return undefined;
  return { typeField: row.notifyTypeField, types: row.notifyTypes ?? [], requestFields: row.requestFields ?? [] };
}
