/** IP addresses as bytes. */
import t from "tap";
import { addressBytes, sameAddress, sharesPrefix, unmapped } from "../../src/net/address.ts";

t.test("every spelling of an address has the same bytes", async (t) => {
  t.same(addressBytes("10.1.2.255"), [10, 1, 2, 255]);
  const one = [...Array.from({ length: 15 }, () => 0), 1];
  for (const text of ["::1", "0:0:0:0:0:0:0:1", "0000::0001", "::0.0.0.1", "::1%lo"]) t.same(addressBytes(text), one, text);
  t.same(addressBytes("2001:DB8::a:1.2.3.4"), [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0x0a, 1, 2, 3, 4]);
  t.same(addressBytes("1::"), [0, 1, ...Array.from({ length: 14 }, () => 0)]);
  t.same(addressBytes("1:2:3:4:5:6:7:8"), [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]);
});

t.test("what is not plainly an address has none", async (t) => {
  for (const text of ["", "1", "1.2.3", "01.2.3.4", "::1::", "g::", "[::1]", "localhost"]) t.equal(addressBytes(text), undefined, text);
});

t.test("prefixes are compared bit by bit", async (t) => {
  t.ok(sharesPrefix([172, 16, 0, 0], [172, 31, 255, 255], 12));
  t.notOk(sharesPrefix([172, 16, 0, 0], [172, 32, 0, 0], 12));
  t.ok(sharesPrefix([1, 2, 3, 4], [9, 9, 9, 9], 0));
  t.notOk(sharesPrefix([1, 2, 3, 4], [1, 2, 3, 5], 32));
  t.notOk(
    sharesPrefix(
      [0, 0, 0, 0],
      Array.from({ length: 16 }, () => 0),
      0,
    ),
    "families never match",
  );
});

t.test("an IPv4-mapped address is the IPv4 address", async (t) => {
  t.same(unmapped(addressBytes("::ffff:1.2.3.4") ?? []), [1, 2, 3, 4]);
  t.ok(sameAddress("::ffff:127.0.0.1", "127.0.0.1"));
  t.ok(sameAddress("::1", "0:0::1"));
  t.notOk(sameAddress("127.0.0.1", "127.0.0.2"));
  t.notOk(sameAddress("", ""));
});
