/** Reads a field of a JSON body by its dotted path. */

/** The value at `path` (`order.goods.0.goodsName`; numbers are list indexes from 0); undefined when missing. */
export function fieldAt(body: unknown, path: string): unknown {
  return fieldOf(body, path.split("."));
}

/** Same for a path that is already split. */
export function fieldOf(body: unknown, parts: readonly string[]): unknown {
  let value = body;
  for (const part of parts) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
