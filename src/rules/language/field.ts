/** A field of a JSON body by its dotted path. */

/** The value at `path` (`order.goods.0.goodsName`; numbers count list entries from 0); undefined where there is none. */
export function fieldAt(body: unknown, path: string): unknown {
  return fieldOf(body, path.split("."));
}

/** The same for a path that is parted already. */
export function fieldOf(body: unknown, parts: readonly string[]): unknown {
  let value = body;
  for (const part of parts) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
