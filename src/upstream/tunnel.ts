/** Opens a tunnel through a corporate proxy: CONNECT on an open connection to it. */
import type { Socket } from "node:net";
import { type buildConnector, Client } from "undici";
import { codedError } from "./failure.ts";
import { skipInterim } from "./interim.ts";

/** Largest head of a proxy's answer, in bytes. */
const HEAD_BYTES = 64 * 1024;

/** Makes `socket` a tunnel to the target. Rejects with the connection's error, or with an error that contains the proxy's answer. */
export async function openTunnel(socket: Socket, proxy: URL, target: { readonly host: string; readonly port: number }): Promise<void> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const connect: buildConnector.connector = (_options, done) => process.nextTick(done, null, socket);
  const client = new Client(proxy.origin, { connect, maxHeaderSize: HEAD_BYTES, headersTimeout: 0 });
  skipInterim(socket, HEAD_BYTES)();
  const answer = await client.connect({ path: authority, headers: { host: authority, ...authorization(proxy) } });
  if (answer.statusCode >= 200 && answer.statusCode < 300) return;
  socket.destroy();
  throw codedError("ECONNREFUSED", `the proxy ${proxy.host} refused a tunnel to ${authority}: ${answer.statusCode}`);
}

/** User and password from the proxy's URL (RFC 7617). */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
