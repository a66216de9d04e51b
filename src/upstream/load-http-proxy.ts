/** Loads http-proxy so that Node 22 and later do not warn of a deprecated function that nobody but its authors can replace. */
import { createRequire } from "node:module";
import util from "node:util";
import type HttpProxy from "http-proxy";

/** http-proxy keeps `util._extend` (DEP0060) when it is loaded; for that moment it finds Object.assign, which does the same, in its place. */
export function loadHttpProxy(): typeof HttpProxy {
  const require = createRequire(import.meta.url);
  const deprecated: unknown = Reflect.get(util, "_extend");
  Reflect.set(util, "_extend", Object.assign);
  try {
    const loaded: typeof HttpProxy = require("http-proxy");
    return loaded;
  } finally {
    Reflect.set(util, "_extend", deprecated);
  }
}
