/** A connection to an origin's host through a corporate proxy, by CONNECT. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";

export interface TunnelOptions {
  readonly proxy: URL;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** CAs, as PEM, for a proxy that is itself reached by https; undefined: the built-in ones. */
  readonly ca: readonly string[] | undefined;
}

/** The open tunnel. Rejects with the system's error, or with one that gives the proxy's answer. */
export function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { proxy, timeoutMs, ca } = options;
  const target = `${options.host.includes(":") ? `[${options.host}]` : options.host}:${options.port}`;
  const open = proxy.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open({
      method: "CONNECT",
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
      ...(ca && { ca: [...ca] }),
    });
    request.setTimeout(timeoutMs, () =>
      request.destroy(failure(`the proxy ${proxy.host} did not answer within ${timeoutMs} ms`, "ETIMEDOUT")),
    );
    request.once("error", reject);
    request.once("connect", (response, socket, head) => {
      request.setTimeout(0);
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(
          failure(
            `the proxy ${proxy.host} refused a tunnel to ${target}: ${response.statusCode} ${response.statusMessage}`,
            "ECONNREFUSED",
          ),
        );
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once("response", (response) => {
      response.destroy();
      reject(
        failure(`the proxy ${proxy.host} refused a tunnel to ${target}: ${response.statusCode} ${response.statusMessage}`, "ECONNREFUSED"),
      );
    });
    request.end();
  });
}

/** User and password from the proxy's URL (RFC 7617). */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
