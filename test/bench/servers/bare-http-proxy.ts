/** Peer: http-proxy as its README shows it, with Node's default agent or (`--agent keep-alive`) with a keep-alive agent. */
import { Agent, createServer } from "node:http";
import httpProxy from "http-proxy";
import { listen, readWords, wordOf } from "./settings.ts";

const words = readWords();
const agent = words.get("agent") === "keep-alive" ? { agent: new Agent({ keepAlive: true }) } : {};
const proxy = httpProxy.createProxyServer({ target: wordOf(words, "upstream"), ...agent });
proxy.on("error", (_error, _request, response) => response.end());
listen(createServer((request, response) => proxy.web(request, response)));
