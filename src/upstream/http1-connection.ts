/** An HTTP/1.1 connection: undici on an already open socket. */
import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Connection } from "./connection.ts";
import { codedError } from "./failure.ts";
import { skipInterim } from "./interim.ts";

/** Takes over `socket`. A head over `maxHeadBytes` is a failure; the lane enforces all other limits. */
export function createHttp1Connection(socket: Socket, origin: string, maxHeadBytes: number): Connection {
  let given = false;
  const client = new Client(origin, {
    maxHeaderSize: maxHeadBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, done) {
      // undici would dial again for a call whose connection has just closed; the lane does that itself, with cancellation.
      if (given) process.nextTick(done, codedError("ECONNRESET", "the gateway closed the connection"), null);
      else process.nextTick(done, null, socket);
      given = true;
    },
  });
  return {
    send({ method, path, headers, body }, collector) {
      client.dispatch({ method: methodOf(method), path, headers, body }, collector);
    },
    expectAnswer: skipInterim(socket, maxHeadBytes),
    // A gateway that answers early may leave part of the request unsent.
    isReusable: () => !socket.destroyed && socket.writableLength === 0,
    destroy() {
      socket.destroy();
    },
    onClosed(listener) {
      socket.once("close", listener);
    },
  };
}

function methodOf(method: string): Dispatcher.HttpMethod {
  // undici's type lists the common methods, but it sends any token.
  return method as Dispatcher.HttpMethod;
}
