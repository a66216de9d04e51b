/** The proxy's own ports, by every address that leads to them. */
import { networkInterfaces } from "node:os";
import t from "tap";
import { createOwnAddresses } from "../../src/net/own-addresses.ts";

const lan = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

t.test("a loopback listener is reached by its address, its mapped form and the unspecified one", async (t) => {
  const isOwn = createOwnAddresses(() => [{ host: "127.0.0.1", port: 8081 }]);
  for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::"]) t.ok(isOwn(address, 8081), address);
  t.notOk(isOwn("127.0.0.1", 8082));
  t.notOk(isOwn("127.0.0.2", 8081), "another loopback address leads elsewhere");
  t.notOk(isOwn("1.1.1.1", 8081));
});

t.test(
  "a listener on every address is reached by each of this machine's",
  { skip: lan === undefined && "no network interface here" },
  async (t) => {
    for (const host of ["0.0.0.0", "::"]) {
      const isOwn = createOwnAddresses(() => [{ host, port: 80 }]);
      for (const address of ["127.0.0.1", "127.0.0.2", "::1", "0.0.0.0", lan ?? ""]) t.ok(isOwn(address, 80), `${host} ${address}`);
      t.notOk(isOwn("1.1.1.1", 80));
    }
  },
);

t.test("ports that come up later count from then on", async (t) => {
  const bound = [{ host: "127.0.0.1", port: 1 }];
  const isOwn = createOwnAddresses(() => bound);
  t.notOk(isOwn("127.0.0.1", 2));
  bound.push({ host: "127.0.0.1", port: 2 });
  t.ok(isOwn("127.0.0.1", 2));
});
