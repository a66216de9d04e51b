/** Loads http-proxy without a deprecation warning of Node 22 and later, which only its authors could fix. */
import { createRequire } from "node:module";
import util from "node:util";
import type HttpProxy from "http-proxy";

/** http-proxy stores `util._extend` (DEP0060) when it is loaded; during loading, Object.assign, which is equivalent, replaces it. */
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
