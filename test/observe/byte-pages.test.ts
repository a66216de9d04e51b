import t from "tap";
import { createBytePages, type Page } from "../../src/observe/byte-pages.ts";

/** What a call does with a page. */
function take(page: Page, bytes: number): Page {
  page.used += bytes;
  page.calls += 1;
  return page;
}

t.test("calls share a page until it is full", async (t) => {
  const pages = createBytePages(100);
  const first = take(pages.pageFor(60), 60);
  t.equal(take(pages.pageFor(40), 40), first);
  t.not(pages.pageFor(1), first);
  t.equal(first.used, 100);
});

t.test("a page whose calls are all gone serves again, and only once", async (t) => {
  const pages = createBytePages(100);
  const first = take(pages.pageFor(100), 100);
  const second = take(pages.pageFor(100), 100);
  pages.release(first);
  t.equal(take(pages.pageFor(80), 80), first, "the memory is used again");
  t.equal(first.used, 80);
  const fourth = take(pages.pageFor(80), 80);
  t.notOk([first, second].includes(fourth));
});

t.test("a page on which nothing lies any more starts from its beginning", async (t) => {
  const pages = createBytePages(100);
  const page = take(pages.pageFor(70), 70);
  pages.release(page);
  t.equal(pages.pageFor(70), page);
  t.equal(page.used, 0);
});

t.test("what is larger than a page has one of its own, which is not kept", async (t) => {
  const pages = createBytePages(100);
  take(pages.pageFor(50), 50);
  const large = take(pages.pageFor(1000), 1000);
  t.equal(large.bytes.length, 1000);
  take(pages.pageFor(90), 90);
  pages.release(large);
  t.equal(pages.pageFor(50).bytes.length, 100);
});
