/**
 * A document as HTML, as GitHub shows it: the same anchors at its headings.
 *
 * @module
 */
import GithubSlugger from "github-slugger";
import { Marked } from "marked";
import { escapeHtml } from "../../pipeline/display/table.ts";

/** A heading of a document. */
export interface Heading {
  depth: number;
  /** Its anchor. */
  id: string;
  /** HTML without links. */
  html: string;
}

/** A document as HTML. */
export interface Rendered {
  /** Its first heading, as plain text. */
  title: string;
  headings: Heading[];
  html: string;
}

/** Longer cells are sentences, and may be wrapped. */
const UNBROKEN = 30;

/** Renders Markdown. Raw HTML is left unchanged, because the documents are ours. */
export function render(markdown: string): Rendered {
  const slugger = new GithubSlugger(), headings: Heading[] = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens), text = plain(html);
        const id = slugger.slug(text);
        headings.push({ depth, id, html: html.replace(/<\/?a\b[^>]*>/g, "") });
        const anchor = `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
        return `<h${depth} id="${id}">${html}${depth === 1 ? "" : anchor}</h${depth}>\n`;
      },
      // An option must not be broken after its dashes.
      codespan: ({ text }) =>
        `<code>${
          escapeHtml(text).replace(/(?<=^| )--?\w[^ ]{0,30}(?= |$)/g, '<span class="short">$&</span>')
        }</code>`,
      // A short text stays on one line, as in tables of reports.
      tablecell({ tokens, header, align }) {
        const html = this.parser.parseInline(tokens), tag = header ? "th" : "td";
        const isShort = plain(html).length <= UNBROKEN;
        const attributes = (align ? ` align="${align}"` : "") + (isShort ? ' class="short"' : "");
        return `<${tag}${attributes}>${html}</${tag}>\n`;
      },
    },
    hooks: {
      // Wide tables scroll by themselves, also by keyboard.
      postprocess: (html) =>
        html.replace(/<table>/g, '<div class="table" tabindex="0"><table>').replace(
          /<\/table>/g,
          "</table></div>",
        ).replace(/<pre>/g, '<pre tabindex="0">'),
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title: plain(headings[0]?.html ?? ""), headings, html };
}

/** HTML as text. */
const plain = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(
    /&(lt|gt|quot|amp|#39);/g,
    (_, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'" })[name]!,
  );
