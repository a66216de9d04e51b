import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import t from "tap";
import { acceptDecodable, contentNow, createContentReader } from "../../src/http/content.ts";

const text = Buffer.from('{"result":{"resultCode":"SUCCESS"}}');
const MEBIBYTE = 1024 * 1024;

function coded(coding: string, body: Buffer): { headers: readonly string[]; body: Buffer } {
  return { headers: ["Content-Encoding", coding], body };
}

const READABLE: readonly (readonly [coding: string, body: Buffer])[] = [
  ["gzip", gzipSync(text)],
  ["X-GZIP", gzipSync(text)],
  ["deflate", deflateSync(text)],
  ["deflate", deflateRawSync(text)],
  [" br ", brotliCompressSync(text)],
];

const UNREADABLE: readonly (readonly [name: string, headers: readonly string[], body: Buffer])[] = [
  ["unknown", ["content-encoding", "zstd"], text],
  ["not coded at all", ["content-encoding", "gzip"], text],
  ["cut", ["content-encoding", "gzip"], gzipSync(text).subarray(0, 20)],
  ["stacked", ["content-encoding", "gzip, gzip"], gzipSync(gzipSync(text))],
  ["stacked in two lines", ["content-encoding", "gzip", "Content-Encoding", "gzip"], gzipSync(gzipSync(text))],
  ["a name of every object", ["content-encoding", "constructor"], text],
];

t.test("a body without a coding is its own content, and makes no promise", async (t) => {
  const contentOf = createContentReader();
  t.equal(contentOf({ headers: [], body: text }), text);
  t.equal(contentOf(coded("identity", text)), text);
  t.equal(contentNow({ headers: [], body: text }, 1), text);
});

t.test("the codings that the SDKs' HTTP clients undo are undone", async (t) => {
  const contentOf = createContentReader();
  for (const [coding, body] of READABLE) {
    t.same(await contentOf(coded(coding, body)), text, coding);
    t.same(contentNow(coded(coding, body), MEBIBYTE), text, coding);
  }
});

t.test("what cannot be decoded for certain has no content", async (t) => {
  const contentOf = createContentReader();
  for (const [name, headers, body] of UNREADABLE) {
    t.equal(await contentOf({ headers, body }), undefined, name);
    if (name !== "cut") t.equal(contentNow({ headers, body }, MEBIBYTE), undefined, name);
  }
});

t.test("what is shown is decoded as far as it goes", async (t) => {
  const long = Buffer.from(Array.from({ length: 5000 }, (_, n) => `"${n}",`).join(""));
  for (const [coding, body] of [
    ["gzip", gzipSync(long)],
    ["deflate", deflateSync(long)],
    ["br", brotliCompressSync(long)],
  ] as const) {
    const shown = contentNow(coded(coding, body.subarray(0, body.length >> 1)), MEBIBYTE);
    t.ok(shown !== undefined && shown.length > 100 && long.toString().startsWith(shown.toString()), coding);
  }
});

t.test("content is bounded in size and in how often it may be its body", async (t) => {
  const contentOf = createContentReader();
  const zeros = (mebibytes: number): Buffer => Buffer.alloc(mebibytes * MEBIBYTE);
  t.equal((await contentOf(coded("gzip", gzipSync(zeros(1)))))?.length, MEBIBYTE, "a mebibyte is free, however well packed");
  t.equal(await contentOf(coded("gzip", gzipSync(zeros(8)))), undefined, "a thousand times its body");
  t.equal(await contentOf(coded("br", brotliCompressSync(zeros(8)))), undefined);
  const mixed = Buffer.concat(
    Array.from({ length: 12 * 16 }, (_, n) =>
      Buffer.from(
        `${n}`
          .repeat(8 * 1024)
          .slice(0, 64 * 1024 - 4096)
          .padEnd(64 * 1024, String(n % 7)),
      ),
    ),
  );
  const packed = gzipSync(Buffer.concat([mixed, randomBytes(200_000)]));
  t.equal((await contentOf(coded("gzip", packed)))?.length, mixed.length + 200_000, "12 MiB packed sixty times");
  const over = gzipSync(Buffer.concat([mixed, mixed, randomBytes(400_000)]));
  t.equal(await contentOf(coded("gzip", over)), undefined, "24 MiB");
  t.equal(contentNow(coded("gzip", packed), MEBIBYTE), undefined, "a reader's own limit");
});

t.test("forty bombs leave the event loop to others, and a small answer does not wait behind large ones", async (t) => {
  const contentOf = createContentReader();
  const bomb = gzipSync(Buffer.alloc(60 * MEBIBYTE));
  const large = gzipSync(randomBytes(2 * MEBIBYTE));
  t.ok(large.length > bomb.length);
  const done: string[] = [];
  const all = [
    ...Array.from({ length: 40 }, () => contentOf(coded("gzip", bomb))),
    ...Array.from({ length: 10 }, async () => {
      await contentOf(coded("gzip", large));
      done.push("large");
    }),
  ];
  const small = await contentOf(coded("gzip", gzipSync(text)));
  t.same(small, text);
  t.ok(done.length < 10, `${done.length} large ones before it`);
  const contents = await Promise.all(all);
  t.same(
    contents.slice(0, 40).filter((content) => content !== undefined),
    [],
  );
  t.equal(done.length, 10);
});

t.test("accept-encoding keeps what can be decoded, and is left alone where that is all", async (t) => {
  const accepted = (...values: string[]): readonly string[] =>
    acceptDecodable(["a", "b", ...values.flatMap((value) => ["Accept-Encoding", value])]).slice(2);
  for (const value of ["gzip", "gzip, deflate, br", "GZIP;q=0.5,br;q=1.0", "identity", "", "gzip, zstd;q=0", "*;q=0", "gzip,"]) {
    const headers = ["Accept-Encoding", value];
    t.equal(acceptDecodable(headers), headers, value);
  }
  const none: readonly string[] = [];
  t.equal(acceptDecodable(none), none, "no line, no line");
  t.same(accepted("gzip, zstd"), ["Accept-Encoding", "gzip"]);
  t.same(accepted("zstd;q=1.0, br;q=0.8, *;q=0.1"), ["Accept-Encoding", "br;q=0.8"]);
  t.same(accepted("zstd", "gzip"), ["Accept-Encoding", "gzip"]);
  t.same(accepted("dcb, compress", "zstd"), ["accept-encoding", "identity"], "without a line any coding would do");
  t.same(accepted("*"), ["accept-encoding", "identity"]);
});
