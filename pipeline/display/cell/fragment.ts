/**
 * Pieces of HTML for the output of a notebook's cell, where no style sheet of ours is, scripts do not run, and some hosts let
 * no inline drawing through.
 *
 * @module
 */
import { escapeHtml } from "../table.ts";
import { tipsApart } from "../plots/tips.ts";

/** What an image writes with, on a ground of its own: no grey has a contrast of 4.5 against white and near-black alike. */
const INK = "<style>svg { color: #444b54; background: #fff; --ground: #fff; } " +
  "@media (prefers-color-scheme: dark) { svg { color: #b9c0c9; background: #15181c; --ground: #15181c; } }</style>";

/** Blocks side by side where there is room, one under the other where there is not. */
export const beside = (...blocks: string[]): string =>
  `<div style="display:flex;flex-wrap:wrap;gap:0 2em;align-items:flex-start">${
    blocks.map((html) => `<div style="min-width:0;max-width:100%">${html}</div>`).join("")
  }</div>`;

/** A line of plain text. */
export const line = (text: string): string =>
  `<div style="padding:.3em .8em;text-align:left">${escapeHtml(text)}</div>`;

/**
 * The same HTML with each drawing in it as an image: code hosts and untrusted notebooks take `<svg>` elements away and leave
 * images. An image does not know the colour of the page, so it has a ground of its own, light or dark as the reader's system is.
 */
export const withImages = (html: string): string => html.replace(/<svg .*?<\/svg>/gs, svgImage);

/** One drawing as an image; its `aria-label` is the text in its place, and its tips lie over it. */
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
