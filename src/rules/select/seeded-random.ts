/** Repeatable random numbers: each depends only on its seed and position, so that replicas and reruns agree. */

/** A number in [0, 1) for `seed` and the parts after it. */
export function seededRandom(...parts: readonly (string | number)[]): number {
  return scatter(seedState(parts.join("\u0000"))) / 0x1_0000_0000;
}

/** The generator's state after `text` (FNV-1a, an unsigned 32-bit number), from which a script in Redis can continue. */
export function seedState(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The final mixing step of MurmurHash3 (public domain): every input bit affects every output bit. */
function scatter(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
