/**
 * Pieces of HTML for the output of a notebook cell, where our style sheet is missing, scripts do not run, and some hosts
 * remove inline drawings.
 *
 * @module
 */
import { escapeHtml } from "../table.ts";
import { tipsApart } from "../plots/tips.ts";

/** Text color of an image, on a background of its own: no gray has a contrast of 4.5 against both white and near-black. */
const INK = "<style>svg { color: #444b54; background: #fff; --ground: #fff; } " +
  "@media (prefers-color-scheme: dark) { svg { color: #b9c0c9; background: #15181c; --ground: #15181c; } }</style>";

/** Places blocks side by side if there is room, otherwise one below the other. */
export const beside = (...blocks: string[]): string =>
  `<div style="display:flex;flex-wrap:wrap;gap:0 2em;align-items:flex-start">${
    blocks.map((html) => `<div style="min-width:0;max-width:100%">${html}</div>`).join("")
  }</div>`;

/** Makes a line of plain text. */
export const line = (text: string): string =>
  `<div style="padding:.3em .8em;text-align:left">${escapeHtml(text)}</div>`;

/**
 * Turns each drawing in the HTML into an image: code hosts and untrusted notebooks remove `<svg>` elements but keep
 * images. An image does not know the color of the page, so it has its own background, light or dark like the reader's system.
 */
export const withImages = (html: string): string => html.replace(/<svg .*?<\/svg>/gs, svgImage);

/** Turns one drawing into an image; its `aria-label` becomes the alternative text, and its tooltips lie over it. */
export function svgImage(drawing: string): string {
  const { svg, overlay } = tipsApart(drawing);
  const [, title = ""] = /aria-label="([^"]*)"/.exec(svg) ?? [];
  const [, width = ""] = /width="(\d+)"/.exec(svg) ?? [];
  const coloured = svg.replace(/^<svg [^>]*>/, (root) => root + INK);
  const data = new TextEncoder().encode(coloured).toBase64();
  const image =
    `<img alt="${title}" width="${width}" style="display:block;max-width:100%;height:auto" src="data:image/svg+xml;base64,${data}">`;
  return `<div style="position:relative;width:${width}px;max-width:100%">${image}${overlay}</div>`;
}
