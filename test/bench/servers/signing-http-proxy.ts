/** Peer: http-proxy with selfHandleResponse, verifying the gateway's signature and signing again, as one would write it by hand. */
import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import httpProxy from "http-proxy";
import { resign } from "./resign.ts";
import { listen, privateKeyIn, publicKeyIn, readWords, wordOf } from "./settings.ts";

const words = readWords();
const keys = { gateway: publicKeyIn(wordOf(words, "gateway-key")), own: privateKeyIn(wordOf(words, "own-key")) };
const proxy = httpProxy.createProxyServer({
  target: wordOf(words, "upstream"),
  agent: new Agent({ keepAlive: true }),
  selfHandleResponse: true,
});
proxy.on("error", (_error, _request, response) => response.end());
proxy.on("proxyRes", (answer, request, response) => finish(answer, request, response));
listen(createServer((request, response) => proxy.web(request, response)));

function finish(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => {
    const body = Buffer.concat(chunks);
    const headers = { ...answer.headers };
    const signature = resign({ path: request.url ?? "", headers, body }, keys);
    if (signature !== undefined) headers["signature"] = signature;
    response.writeHead(answer.statusCode ?? 502, headers);
    response.end(body);
  });
}
