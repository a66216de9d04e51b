/** The gateway's side of the benchmark: answers every call at the least cost, rightly signed; a process of its own. */
import { type KeyObject, sign } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { ANSWER } from "../workload.ts";
import { listen, privateKeyIn, readWords, wordOf } from "./settings.ts";

const RESPONSE_TIME = "2026-11-23T08:00:00+00:00";
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

const words = readWords();
const key = privateKeyIn(wordOf(words, "key"));
const answers = new Map<string, Buffer>();
listen(createServer({ noDelay: true }, serve), Number(words.get("port") ?? 0));

/** Calls come one at a time on each connection: what has come in is a whole call, or the beginning of one. */
function serve(socket: Socket): void {
  let waiting: Buffer | undefined;
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    const seen = waiting === undefined ? chunk : Buffer.concat([waiting, chunk]);
    const headBytes = seen.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    const head = headBytes < END_OF_HEAD.length ? undefined : seen.toString("latin1", 0, headBytes);
    if (head === undefined || !isWhole(head, seen, headBytes)) {
      waiting = seen;
      return;
    }
    waiting = undefined;
    socket.write(answerTo(head));
    if (/\r\nconnection: close\r\n/i.test(head)) socket.end();
  });
}

function isWhole(head: string, seen: Buffer, headBytes: number): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return seen.length >= headBytes + Number(length);
  return !/\r\ntransfer-encoding: *chunked/i.test(head) || seen.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

/** Signed once for each path and client id. */
function answerTo(head: string): Buffer {
  const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" ", head.indexOf(" ") + 1)).replace(/^http:\/\/[^/]+/, "");
  const clientId = /\r\nclient-id: *(.*)\r\n/i.exec(head)?.[1] ?? "";
  const name = `${path} ${clientId}`;
  let answer = answers.get(name);
  if (answer === undefined) {
    answer = makeAnswer(path, clientId, key);
    answers.set(name, answer);
  }
  return answer;
}

function makeAnswer(path: string, clientId: string, privateKey: KeyObject): Buffer {
  const content = `POST ${path}\n${clientId}.${RESPONSE_TIME}.${ANSWER}`;
  const signature = encodeURIComponent(sign("RSA-SHA256", Buffer.from(content), privateKey).toString("base64"));
  const lines = [
    "HTTP/1.1 200 OK",
    "content-type: application/json; charset=UTF-8",
    `client-id: ${clientId}`,
    `response-time: ${RESPONSE_TIME}`,
    `signature: algorithm=RSA256,keyVersion=1,signature=${signature}`,
    `content-length: ${Buffer.byteLength(ANSWER)}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${ANSWER}`);
}
