/** The site that `deno task docs` makes: it is complete, and no internal link is broken. */
import assert from "node:assert/strict";
import { dirname, join, posix } from "node:path";
import { linked } from "../../docs/site/links.ts";
import { render } from "../../docs/site/markdown.ts";
import { DOCUMENTS, pageOf } from "../../docs/site/navigation.ts";
import { RunError } from "../../pipeline/contract/errors.ts";
import { walk } from "../../pipeline/contract/files/walk.ts";
import type { Rendered } from "../browser/pages.ts";
import { task } from "../command.ts";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";
import { browser, inBrowser } from "../pipeline/display/browser.ts";

Deno.test("headings have GitHub's anchors, links lead to pages, files are named, code stays as it is", () => {
  const { title, headings, html } = render(
    "# A `b` & c\n\n## What is in it?\n\n## What is in it?\n\nSee [d](../README.md#x), [e](scale.md), [f](#what-is-in-it), " +
      "[g](https://h.org/a.md), ![i](p.png) and `[j](k.md)`.\n\n| a |\n| - |\n| b |\n\n    deno\n",
  );
  assert.equal(title, "A b & c");
  assert.deepEqual(headings.map(({ id }) => id), ["a-b--c", "what-is-in-it", "what-is-in-it-1"]);
  assert.match(html, /<div class="table" tabindex="0"><table>/);
  assert.match(html, /<pre tabindex="0"><code>deno/);
  const page = linked(html, "docs/data.md", ["README.md", "docs/scale.md"]);
  assert.deepEqual(
    [...page.html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target]) => target).filter((target) =>
      !/^#what-is-in-it/.test(target)
    ),
    ["../index.html#x", "scale.html", "https://h.org/a.md", "p.png"],
  );
  assert.deepEqual(page.files, ["docs/p.png"]);
  assert.match(page.html, /<code>\[j\]\(k\.md\)<\/code>/);
  for (const target of ["../../out.md", "unknown.md"]) {
    assert.throws(
      () => linked(`<a href="${target}">`, "docs/data.md", []),
      (error: Error) =>
        error instanceof RunError &&
        /^Cannot make a page of docs\/data\.md: its link \S+ is /.test(error.message),
    );
  }
});

Deno.test("every document of the repository is a page of the site", () => {
  const folders = [
    "",
    "docs/",
    "bench/",
    "fixtures/",
    "fixtures/hand/",
    "model/",
    "pipeline/",
    "notebooks/",
    "tests/",
  ];
  const found = folders.flatMap((folder) =>
    [...Deno.readDirSync(root + folder)].filter(({ name }) => name.endsWith(".md")).map(({ name }) =>
      folder + name
    )
  );
  assert.deepEqual(found.sort(), [...DOCUMENTS].sort());
});

/** A page's anchors and links. Attributes are escaped as `deno doc` escapes them. */
function partsOf(html: string): { anchors: Set<string>; links: string[] } {
  const plain = (text: string) =>
    text.replaceAll("&#x2F;", "/").replaceAll("&amp;", "&").replaceAll("&#x27;", "'").replaceAll(
      "&quot;",
      '"',
    ).replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  const values = (pattern: RegExp) => Array.from(html.matchAll(pattern), ([, value]) => plain(value));
  return {
    anchors: new Set(values(/\sid="([^"]*)"/g)),
    links: values(/\s(?:href|src|srcset)="([^"]*)"/g),
  };
}

Deno.test("the site is made by one command; all its links and anchors are there, and nothing names the machine", () =>
  withFolder(async (dir) => {
    const out = join(dir, "site"), { code, stdout, stderr } = await task("docs", ["--out", out]);
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      `${DOCUMENTS.length} pages and the library's reference: ${join(out, "index.html")}\n`,
    );
    const files = new Set<string>(), pages = new Map<string, ReturnType<typeof partsOf>>();
    for (const { path, entry } of walk(out)) {
      if (entry.isDirectory) continue;
      files.add(path);
      if (!path.endsWith(".html")) continue;
      const html = Deno.readTextFileSync(join(out, path));
      assert(!html.includes(root) && !/file:(\/|&#x2F;)/.test(html), path);
      pages.set(path, partsOf(html));
    }
    for (const document of DOCUMENTS) assert(pages.has(pageOf(document)), document);
    assert(pages.size > 600, `${pages.size} pages`);
    const broken: string[] = [];
    for (const [page, { links }] of pages) {
      for (const link of new Set(links)) {
        if (/^(https?|mailto|data):/.test(link)) continue;
        const [path, anchor] = decodeURI(link).split("#");
        const place = path === "" ? page : posix.join(dirname(page), path),
          target = place.endsWith("/") || place === "." ? posix.join(place, "index.html") : place;
        const isThere = files.has(target) &&
          (anchor === undefined || anchor === "" || !pages.has(target) ||
            pages.get(target)!.anchors.has(anchor));
        if (!isThere) broken.push(`${page} → ${link}`);
      }
    }
    assert.deepEqual(broken.slice(0, 20), [], `${broken.length} broken links`);
    const usage = Deno.readTextFileSync(join(out, "api/model/~/train.html"));
    assert.match(usage, /import \{ train \} from &quot;@automlp\/automlp\/model&quot;;/);
    assert(pages.get("docs/data.html")!.links.includes("../index.html"));
    if (!browser) return;
    const looked = ["index.html", "docs/methods.html", "api/index.html", "api/model/~/train.html"];
    const phone = await inBrowser<Rendered[][]>(
      "pages.ts",
      JSON.stringify([{ width: 390 }]),
      ...looked.map((path) => join(out, path)),
    );
    assert.deepEqual(phone.map(([{ scrollWidth }]) => scrollWidth), looked.map(() => 390));
    const [[paper]] = await inBrowser<Rendered[][]>(
      "pages.ts",
      JSON.stringify([{ width: 718, print: true }]), // A4 between its margins
      join(out, "docs/results.html"),
    );
    assert.deepEqual([paper.scrollWidth, paper.cut], [718, []]);
  }));

Deno.test("a folder with somebody's files in it is left alone, in one line", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "mine.txt"), "mine");
    const { code, stderr } = await task("docs", ["--out", dir]);
    assert.match(
      stderr,
      /^error: Cannot write the site .+: the folder holds files that automlp did not write \(mine\.txt\)/,
    );
    assert.equal(code, 2);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["mine.txt"]);
  }));
