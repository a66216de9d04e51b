/** Request targets, parted without touching a byte of the path: it is what was signed. */

/** Authority and path of an absolute-form target (RFC 9112 §3.2.2; Python's SDK sends them to every server); any other form is all path. */
export function splitTarget(target: string): { readonly authority: string | undefined; readonly path: string } {
  if (target.startsWith("/")) return { authority: undefined, path: target };
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target);
  if (absolute === null) return { authority: undefined, path: target };
  const rest = absolute[2] ?? "";
  return { authority: absolute[1], path: rest.startsWith("/") ? rest : `/${rest}` };
}
