/**
 * The frame of a page: navigation at the side, or above it on a phone, and links to the previous and next page at the end.
 *
 * @module
 */
import { posix } from "node:path";
import { VERSION } from "../../pipeline/contract/version_number.ts";
import { STYLE } from "../../pipeline/display/page/style.ts";
import { escapeHtml } from "../../pipeline/display/table.ts";
import type { Heading, Rendered } from "./markdown.ts";
import { API, DOCUMENTS, NAVIGATION, pageOf, TITLES } from "./navigation.ts";
import { SITE_STYLE } from "./style.ts";

const { dirname, relative } = posix;

/**
 * Returns the page of a document.
 *
 * @param document Its path in the repository.
 */
export function frame(document: string, { title, headings, html }: Rendered): string {
  const to = (page: string) => relative(dirname(pageOf(document)), page) || posix.basename(page);
  const link = (path: string) => `<a href="${to(pageOf(path))}">${escapeHtml(TITLES[path])}</a>`;
  const groups = NAVIGATION.map((group) =>
    `<h2>${escapeHtml(group.title)}</h2><ul>${
      Object.keys(group.documents).map((path) =>
        path === document
          ? `<li class="here"><span aria-current="page">${escapeHtml(TITLES[path])}</span>${
            contents(headings)
          }</li>`
          : `<li>${link(path)}</li>`
      ).join("")
    }</ul>`
  );
  const api = `<h2>Library</h2><ul><li><a href="${
    to(`${API.folder}/index.html`)
  }">${API.title}</a></li></ul>`;
  const at = DOCUMENTS.indexOf(document), before = DOCUMENTS[at - 1], after = DOCUMENTS[at + 1];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(document === "README.md" ? title : `${title} · automlp`)}</title>
<style>${STYLE}${SITE_STYLE}</style>
</head>
<body class="site">
<details class="menu"><summary>automlp ${escapeHtml(VERSION)} · contents</summary>
<nav aria-label="Pages">${groups.join("\n")}${api}</nav>
</details>
<main>
${html}
<footer class="around">${before ? `<span>← ${link(before)}</span>` : "<span></span>"}${
    after ? `<span>${link(after)} →</span>` : ""
  }</footer>
</main>
</body>
</html>
`;
}

/** Returns the table of contents of the page. */
function contents(headings: Heading[]): string {
  const sections = headings.filter(({ depth }) => depth === 2);
  if (sections.length < 2) return "";
  return `<ul>${sections.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`).join("")}</ul>`;
}
