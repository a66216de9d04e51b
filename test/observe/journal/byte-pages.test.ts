import t from "tap";
import { createBytePages, type Page } from "../../../src/observe/journal/byte-pages.ts";

/** What a call does with a page. */
function take(page: Page, bytes: number): Page {
  page.used += bytes;
  page.calls += 1;
  return page;
}

t.test("calls share a page until it is full", async (t) => {
  const pages = createBytePages(100);
  const first = take(pages.pageFor(25), 25);
  for (let n = 0; n < 3; n += 1) t.equal(take(pages.pageFor(25), 25), first);
  t.not(pages.pageFor(1), first);
  t.equal(first.used, 100);
});

t.test("a page whose calls are all gone serves again, and only once", async (t) => {
  const pages = createBytePages(100);
  const fill = (): Page => {
    const page = take(pages.pageFor(20), 20);
    for (let n = 0; n < 4; n += 1) t.equal(take(pages.pageFor(20), 20), page);
    return page;
  };
  const empty = (page: Page): void => {
    while (page.calls > 0) pages.release(page);
  };
  const first = fill();
  const second = fill();
  empty(first);
  t.equal(fill(), first, "the memory is used again");
  t.equal(first.used, 100);
  const fourth = fill();
  t.notOk([first, second].includes(fourth));
});

t.test("a page on which nothing lies any more starts from its beginning", async (t) => {
  const pages = createBytePages(100);
  const page = take(pages.pageFor(20), 20);
  pages.release(page);
  t.equal(pages.pageFor(20), page);
  t.equal(page.used, 0);
});

t.test("a run of more than a quarter page has a page of its own size, and the shared page goes on", async (t) => {
  const pages = createBytePages(100);
  const shared = take(pages.pageFor(20), 20);
  for (const bytes of [81, 1000]) {
    const own = take(pages.pageFor(bytes), bytes);
    t.equal(own.bytes.length, bytes);
    t.equal(pages.pageFor(20), shared);
    pages.release(own);
  }
  take(pages.pageFor(20), 20);
  t.equal(shared.used, 40);
});
