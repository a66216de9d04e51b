/** What other programs may import: a proxy and a stand-in sandbox, started and stopped from code. */

export type { ProxyOptions, RulesInput } from "./app/proxy-options.ts";
export type { Proxy } from "./app/start-proxy.ts";
export { startProxy } from "./app/start-proxy.ts";
export type { Problem } from "./base/problem.ts";
export { ProblemsError } from "./base/problem.ts";
export type { CallRecord } from "./ports/ports.ts";
export type { Sandbox, SandboxOptions } from "./sandbox/start-sandbox.ts";
export { startSandbox } from "./sandbox/start-sandbox.ts";
