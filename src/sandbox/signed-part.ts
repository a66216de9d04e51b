/** Extracts the signed JSON of a file upload: the signature covers only the multipart part `body` (billing.product.uploadImage). */

/** The content of the part `body` of a multipart/form-data body; the whole body for another content type; undefined when the part is missing. */
export function signedPart(contentType: string, body: Buffer): Buffer | undefined {
  if (!/^\s*multipart\/form-data\b/i.test(contentType)) return body;
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ""}`;
  let from = body.indexOf(delimiter);
  while (from >= 0) {
    const headEnd = body.indexOf("\r\n\r\n", from);
    const next = body.indexOf(`\r\n${delimiter}`, from);
    if (headEnd < 0 || next < 0) return undefined;
    const head = body.toString("latin1", from, headEnd);
    if (headEnd + 4 <= next && /^content-disposition:.*[;\s]name="?body"?\s*(?:;|$)/im.test(head)) return body.subarray(headEnd + 4, next);
    from = next + 2;
  }
  return undefined;
}
