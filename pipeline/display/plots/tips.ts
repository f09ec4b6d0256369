/**
 * Tooltips of a drawing: invisible areas over it, each with a text. They need no script: in a file they are plain
 * `<title>` elements, over an image `title` attributes, and on a page boxes made by its style sheet.
 *
 * @module
 */
import { escapeHtmlLines, formatCell } from "../table.ts";
import { tenthPercent } from "../text/percent.ts";

/** An area, in pixels of the drawing, and the text shown there. */
export interface Tip {
  x: number;
  y: number;
  width: number;
  height: number;
  /** The text, in one line or several. */
  text: string;
}

const OPEN = `<g class="tips" fill="none" pointer-events="all">`, CLOSE = "</g>";

/** Adds tooltips to a drawing. */
export function withTips(svg: string, tips: readonly Tip[]): string {
  if (tips.length === 0) return svg;
  const rects = tips.map(({ text, ...place }) => {
    const [x, y, width, height] = [place.x, place.y, place.width, place.height].map(short);
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}"><title>${
      escapeHtmlLines(text)
    }</title></rect>`;
  });
  return svg.replace(/<\/svg>$/, () => `${OPEN}${rects.join("")}${CLOSE}</svg>`);
}

const short = (pixels: number) => Number(pixels.toFixed(1));

const RECT =
  /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"><title>([^<]*)<\/title><\/rect>/g;

/**
 * Separates a drawing from its tooltips, which become HTML that lies over the drawing or an image of it, because images cannot have
 * any. The containing element must be positioned, and as large as the image.
 *
 * @param said Returns the attributes for a tooltip's text, which is already HTML; `isRight`: it lies in the right half.
 */
export function tipsApart(
  svg: string,
  said: (text: string, isRight: boolean) => string = (text) => `title="${text}"`,
): { svg: string; overlay: string } {
  const from = svg.indexOf(OPEN);
  if (from < 0) return { svg, overlay: "" };
  const to = svg.indexOf(CLOSE, from) + CLOSE.length;
  const [width, height] = [sizeOf(svg, "width"), sizeOf(svg, "height")];
  const percent = (part: string, whole: number) => `${Number((100 * Number(part) / whole).toFixed(1))}%`;
  const overlay = Array.from(
    svg.slice(from, to).matchAll(RECT),
    ([, x, y, w, h, text]) =>
      `<span ${said(text, 2 * Number(x) + Number(w) > width)} style="position:absolute;left:${
        percent(x, width)
      };top:${percent(y, height)};width:${percent(w, width)};height:${percent(h, height)}"></span>`,
  );
  return { svg: svg.slice(0, from) + svg.slice(to), overlay: overlay.join("") };
}

/** Gives the drawings of a page tooltips that its style sheet shows immediately, and on touch. */
export const withPageTips = (html: string): string =>
  html.replace(/<svg .*?<\/svg>/gs, (drawing) => {
    const { svg, overlay } = tipsApart(drawing, (text, isRight) =>
      `${isRight ? 'class="right" ' : ""}data-tip="${text}"`);
    if (overlay === "") {
      return drawing;
    }
    return `<div class="drawing" style="width:${sizeOf(svg, "width")}px">${svg}${overlay}</div>`;
  });

/** Returns a drawing's own width or height, in its pixels. */
const sizeOf = (svg: string, name: "width" | "height"): number =>
  Number(new RegExp(` ${name}="([\\d.]+)"`).exec(svg)![1]);

/** Maximum number of areas side by side: more would be too narrow to hit. */
const MOST = 60;

/** The frame of a drawing, in its pixels. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Makes a tooltip for each point of an axis, covering the space that is nearer to it than to its neighbors.
 *
 * @param points Position of each on the horizontal axis in pixels, ascending, and its text.
 */
export function stripTips(
  points: readonly { at: number; text: string }[],
  { left, right, top, bottom }: Frame,
): Tip[] {
  const few = points.length <= MOST
    ? points
    : Array.from({ length: MOST }, (_, i) => points[Math.round(i * (points.length - 1) / (MOST - 1))]);
  return few.map(({ at, text }, i) => {
    const from = i === 0 ? left : (few[i - 1].at + at) / 2;
    const to = i === few.length - 1 ? right : (at + few[i + 1].at) / 2;
    return { x: from, y: top, width: to - from, height: bottom - top, text };
  });
}

/** Formats a number for a tooltip: four digits, or a percentage. */
export const tipNumber = (value: number, isShare = false): string =>
  isShare
    ? tenthPercent(value)
    : Number.isInteger(value)
    ? formatCell(value)
    : String(Number(value.toPrecision(4))).replace("-", "−");
