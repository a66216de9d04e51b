/** Which addresses a tunnel may lead to. */
import fc from "fast-check";
import t from "tap";
import { addressBytes, sharesPrefix, unmapped } from "../../src/net/address.ts";
import { forbiddenRange, isLoopback, isLoopbackHost } from "../../src/net/address-guard.ts";

const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["10.0.0.0", "private"],
  ["10.255.255.255", "private"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["169.254.1.1", "link-local"],
  ["169.254.169.254", "cloud metadata"],
  ["100.100.100.200", "cloud metadata"],
  ["168.63.129.16", "cloud metadata"],
  ["fd00:ec2::254", "cloud metadata"],
  ["100.64.0.0", "carrier-grade NAT"],
  ["100.127.255.255", "carrier-grade NAT"],
  ["192.0.0.192", "reserved"],
  ["192.0.2.1", "documentation"],
  ["198.51.100.1", "documentation"],
  ["203.0.113.1", "documentation"],
  ["192.31.196.1", "reserved"],
  ["192.52.193.1", "reserved"],
  ["192.88.99.1", "reserved"],
  ["192.175.48.1", "reserved"],
  ["198.18.0.0", "benchmarking"],
  ["198.19.255.255", "benchmarking"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "reserved"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["0:0:0:0:0:0:0:1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["::FFFF:10.0.0.1", "private"],
  ["0:0:0:0:0:ffff:a9fe:a9fe", "cloud metadata"],
  ["::ffff:0.0.0.0", "unspecified"],
  ["64:ff9b::127.0.0.1", "loopback"],
  ["64:ff9b::a00:1", "private"],
  ["64:ff9b:1::1", "reserved"],
  ["::127.0.0.1", "reserved"],
  ["::ffff:0:127.0.0.1", "reserved"],
  ["100::1", "reserved"],
  ["fc00::1", "private"],
  ["fdff:ffff::1", "private"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["fec0::1", "site-local"],
  ["ff02::1", "multicast"],
  ["2001::1", "reserved"],
  ["2001:db8::1", "documentation"],
  ["2002:7f00:1::", "6to4"],
  ["3fff::1", "documentation"],
  ["2620:4f:8000::1", "reserved"],
  ["5f00::1", "reserved"],
  ["4000::1", "reserved"],
];

t.test("addresses that only this machine or its network can reach are named by their range", async (t) => {
  for (const [address, range] of FORBIDDEN) t.equal(forbiddenRange(address), range, address);
});

t.test("public addresses pass, those next to a forbidden range included", async (t) => {
  const open = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "126.255.255.255",
  ];
  const edges = [
    "128.0.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.0.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "168.63.129.17",
  ];
  const ipv6 = [
    "2606:4700::1111",
    "2400:cb00::1",
    "2001:200::1",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2a00:1450::1",
    "2003::1",
    "3ffe::1",
  ];
  for (const address of [...open, ...edges, ...ipv6]) t.equal(forbiddenRange(address), undefined, address);
});

t.test("any address is in the ranges that its bits are in", async (t) => {
  const loopback = (bytes: readonly number[]) =>
    sharesPrefix([127, 0, 0, 0], bytes, 8) || (bytes.length === 16 && bytes.every((byte, at) => byte === Number(at === 15)));
  const isPrivate = (bytes: readonly number[]) =>
    sharesPrefix([10, 0, 0, 0], bytes, 8) || sharesPrefix([172, 16, 0, 0], bytes, 12) || sharesPrefix([192, 168, 0, 0], bytes, 16);
  const multicast = (bytes: readonly number[]) => (bytes.length === 4 ? (bytes[0] ?? 0) >> 4 === 14 : bytes[0] === 0xff);
  const near = fc.constantFrom(
    "127.0.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "9.255.255.255",
    "172.32.0.0",
    "::",
    "::2",
    "fe00::",
    "::ffff:127.9.9.9",
  );
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (address) => {
      const bytes = unmapped(addressBytes(address) ?? []);
      const range = forbiddenRange(address);
      if (sharesPrefix(addressBytes("64:ff9b::") ?? [], bytes, 96)) return range === forbiddenRange(bytes.slice(12).join("."));
      return (
        (range === "loopback") === loopback(bytes) &&
        (range === "multicast") === multicast(bytes) &&
        (bytes.length === 16 || (range === "private") === isPrivate(bytes))
      );
    }),
    { numRuns: 3000 },
  );
  t.equal(forbiddenRange("::2"), "reserved");
});

t.test("addresses spelled in octal, hex, as one number or short are no addresses, so they cannot slip through", async (t) => {
  const spelled = [
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "127.1",
    "127.0.1",
    "1.1.1.1 ",
    "1.1.1.1.1",
    "256.1.1.1",
    "",
    "localhost",
    "[::1]",
  ];
  for (const address of spelled) t.equal(forbiddenRange(address), "not an IP address", address);
});

t.test("a connection counts as local only on a loopback address", async (t) => {
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) t.ok(isLoopback(address), address);
  for (const address of ["10.0.0.1", "0.0.0.0", "::", "1.1.1.1", "", "localhost"]) t.notOk(isLoopback(address), address);
});

t.test("a host to bind is loopback by name, by address in any spelling, and by no address that only resembles one", async (t) => {
  for (const host of ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])
    t.equal(isLoopbackHost(host), true, host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.test", "127.0.0.999", "64:ff9b::7f00:1", "example.com", ""])
    t.equal(isLoopbackHost(host), false, host);
});
