/** Parses a request body as a JSON object without its null members: the .NET and PHP SDKs send null for unset fields. */

/** The object in `content` without null members at any depth; undefined for any other content. An own `__proto__` stays an ordinary field. */
export function jsonObject(content: Buffer): Readonly<Record<string, unknown>> | undefined {
  const text = content.toString("utf8");
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return undefined;
    if (text.includes("null")) dropNulls(parsed);
    return parsed;
  } catch {
    return undefined;
  }
}

/** Removes null members in place, without recursion, because a body may be nested deeper than the stack allows. Null entries of a list stay, so that indexes do not change. */
function dropNulls(root: object): void {
  const open: object[] = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const isList = Array.isArray(at);
    for (const [name, value] of Object.entries(at)) {
      if (value === null && !isList) Reflect.deleteProperty(at, name);
      if (isNested(value)) open.push(value);
    }
  }
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
