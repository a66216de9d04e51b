/** The path of a request target in origin form, without its query. */

/** `/a//b` of `/a//b?c=d`; nothing is normalised. */
export function pathnameOf(path: string): string {
  const end = path.indexOf("?");
  return end < 0 ? path : path.slice(0, end);
}
