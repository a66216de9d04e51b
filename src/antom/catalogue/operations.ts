/** The gateway's operations by name and by path, from operations.json. */
import data from "./operations.json" with { type: "json" };

/** The known format of a message from the gateway to the merchant. */
export interface NotificationShape {
  /** The body field that distinguishes the variants; undefined when unknown or absent. */
  readonly typeField: string | undefined;
  readonly types: readonly string[];
  /** Top-level fields of the body. */
  readonly requestFields: readonly string[];
}

/** One API or one notification of the gateway. */
export interface Operation {
  /** Unique: `pay`, `billing.invoice.create`, `abaCreatePayout`. */
  readonly name: string;
  readonly kind: "call" | "notification";
  /** The path under a production client id; undefined when unpublished, and for notifications (sent to a URL of the merchant). */
  readonly path: string | undefined;
  /** The path under a sandbox client id; equal to `path` for operations that no SDK rewrites. */
  readonly sandboxPath: string | undefined;
  /** Other production paths in the documentation of the same operation. */
  readonly altPaths: readonly string[];
  /** Which clients send `path` unchanged under a sandbox client id: all, only the Java SDK, or (undefined) none. */
  readonly plainPathInSandbox: "all" | "java" | undefined;
  /** The chapter of the documentation: `Payment`, `Billing`. */
  readonly group: string;
  /** The name on the documentation page, when another operation already uses it. */
  readonly docsName: string | undefined;
  readonly docsUrl: string | undefined;
  /** The body field that makes a call idempotent; undefined when none is documented. */
  readonly idempotencyField: string | undefined;
  /** Required top-level fields of a successful answer; for all fields with types see `responseFields` in response-types.ts. */
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

/** The operation with exactly this name. */
export function operationNamed(name: string): Operation | undefined {
  return byName.get(name);
}

/**
 * The operation at a path (without query, exactly as sent): production and sandbox form, in every spelling that an official SDK or a
 * documentation page uses. Nothing is normalised, because signatures cover the path as sent; undefined for any other path.
 */
export function operationAtPath(path: string): Operation | undefined {
  return byPath.get(path);
}

/** All paths of this operation. */
export function pathsOf(operation: Operation): readonly string[] {
  if (operation.path === undefined) return [];
  const paths = new Set([operation.path, ...(operation.sandboxPath === undefined ? [] : [operation.sandboxPath])]);
  // The .NET SDK rewrites every occurrence of the root, the others only the first one.
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
