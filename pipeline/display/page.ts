/**
 * A report as one self-contained HTML file without scripts or network access. It is light or dark like the reader's system, and suits
 * phones and paper. The page of work in progress reloads itself.
 *
 * @module
 */
import { spoken } from "./text/option_names.ts";
import { escapeHtml, escapeHtmlLines, shortUnbroken, type Table, tableBox, tableElement } from "./table.ts";
import { STYLE } from "./page/style.ts";
import { withPageTips } from "./plots/tips.ts";

/** A piece of a page, as HTML. Made by the functions below, which escape their arguments. */
export interface Block {
  html: string;
}

/** A heading and the blocks below it. */
export interface Section {
  title: string;
  blocks: Block[];
}

/** A whole report. */
export interface Page {
  title: string;
  /** One line under the title. */
  subtitle?: string;
  /** The few figures that matter most, in large type. */
  headline?: { label: string; value: string }[];
  sections: Section[];
  /** Small print at the end: versions, hashes, the date if the caller has one. */
  footer?: string;
  /** Whether the page is of work in progress, which writes it again: it is reloaded at intervals. */
  live?: boolean;
}

/** Makes a paragraph of plain text. */
export const paragraph = (text: string): Block => ({ html: `<p>${escapeHtml(text)}</p>` });

/** Makes a paragraph of links to files beside the page, after a few words. */
export const links = (text: string, targets: readonly { text: string; path: string }[]): Block => ({
  html: `<p>${escapeHtml(text)} ${
    targets.map(({ text, path }) => `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`).join(", ")
  }</p>`,
});

/** Makes a list of remarks that should not be missed; empty if there are none. */
export const warnings = (messages: string[]): Block => ({
  html: messages.length === 0
    ? ""
    : `<ul class="warnings">${
      messages.map((message) => `<li>${escapeHtml(spoken(message))}</li>`).join("")
    }</ul>`,
});

/** Makes a table, which scrolls by itself if it is wider than the page. */
export const table = (content: Table): Block => ({
  html: tableBox(tableElement(content, { cellStyle: shortUnbroken })),
});

/** Makes a drawing with a caption. `svg` is not escaped. */
export const figure = (svg: string, caption: string): Block => ({
  html: `<figure style="margin:0 0 1.4em">${svg}<figcaption style="font-size:.85em;opacity:.8">${
    escapeHtml(caption)
  }</figcaption></figure>`,
});

/** Does the same for a drawing that would be too small to read on a phone: there it scrolls by itself. */
export const wideFigure = (svg: string, caption: string): Block =>
  figure(`<div class="wide" tabindex="0">${svg}</div>`, caption);

/** An inline style, because notebooks show the same blocks without a style sheet. */
const COLUMNS = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:0 2.5em";

/** Places blocks side by side if there is room, otherwise one below the other. */
export const columns = (...blocks: Block[]): Block => ({
  html: `<div style="${COLUMNS}">${
    blocks.map(({ html }) => `<div style="min-width:0">${html}</div>`).join("")
  }</div>`,
});

/** Makes preformatted text that opens on demand, such as a configuration or a log. */
export const details = (summary: string, text: string): Block => ({
  html: `<details><summary>${escapeHtml(summary)}</summary><pre tabindex="0">${
    escapeHtmlLines(text)
  }</pre></details>`,
});

/** Makes blocks that open on demand. */
export const fold = (summary: string, ...blocks: Block[]): Block => ({
  html: `<details><summary>${escapeHtml(summary)}</summary>${
    blocks.map(({ html }) => html).join("\n")
  }</details>`,
});

/** The content security policy of a page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Seconds between reloads of a live page. */
const RELOAD_SECONDS = 10;

/** The mark by which our pages are recognized. */
const GENERATOR = '<meta name="generator" content="automlp">';

/** Whether the beginning of an HTML file is that of a page made by {@link page}. */
export const isOurPage = (head: string): boolean => head.includes(GENERATOR);

/**
 * Returns the report as the text of an `.html` file.
 *
 * @example
 * ```ts
 * import { page, paragraph, table } from "./page.ts";
 * import assert from "node:assert/strict";
 * const html = page({
 *   title: "ml-1m",
 *   headline: [{ label: "users", value: "6,040" }],
 *   sections: [{ title: "Counts", blocks: [paragraph("As read."), table({ columns: ["n"], rows: [[1]] })] }],
 * });
 * assert(html.startsWith("<!doctype html>"));
 * ```
 */
export function page({ title, subtitle, headline = [], sections, footer, live = false }: Page): string {
  const id = (i: number) => `section-${i + 1}`;
  const links = sections.map((section, i) => `<a href="#${id(i)}">${escapeHtml(section.title)}</a>`);
  const figures = headline.map(({ label, value }) =>
    `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`
  );
  const body = sections.map((section, i) =>
    `<section id="${id(i)}"><h2>${escapeHtml(section.title)}</h2>\n${
      withPageTips(section.blocks.map(({ html }) => html).join("\n"))
    }</section>`
  );
  // The policy makes the browser enforce "no network" too, whatever text a data set contains.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${GENERATOR}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
${live ? `<meta http-equiv="refresh" content="${RELOAD_SECONDS}">\n` : ""}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${subtitle ? `<p class="subtitle">${escapeHtml(subtitle)}</p>` : ""}
${figures.length > 0 ? `<dl class="headline">${figures.join("")}</dl>` : ""}
${links.length > 2 ? `<nav aria-label="Contents">${links.join("")}</nav>` : ""}
</header>
<main>
${body.join("\n")}
</main>
${footer ? `<footer>${escapeHtmlLines(footer)}</footer>` : ""}
</body>
</html>
`;
}
