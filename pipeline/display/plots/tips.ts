/**
 * What hovering over a drawing shows: places with a text each, over the drawing and not to be seen. None needs a script: in a file they are plain
 * `<title>`, over an image `title`, and on a page boxes by its style sheet.
 *
 * @module
 */
import { escapeHtmlLines, formatCell } from "../table.ts";
import { tenthPercent } from "../text/percent.ts";

/** A place, in pixels of the drawing, and what is shown there. */
export interface Tip {
  x: number;
  y: number;
  width: number;
  height: number;
  /** In one line or several. */
  text: string;
}

const OPEN = `<g class="tips" fill="none" pointer-events="all">`, CLOSE = "</g>";

/** A drawing with tips over it. */
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
 * A drawing without its tips, and these as HTML that lies over it or an image of it: in an image, nothing can be hovered over. Where they are
 * positioned has to be positioned itself, and as large as the image.
 *
 * @param said The attributes that say a tip's text, which is HTML already; `isRight`: it lies in the right half.
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

/** The drawings of a page with tips that its style sheet shows at once, and on a touch. */
export const withPageTips = (html: string): string =>
  html.replace(/<svg .*?<\/svg>/gs, (drawing) => {
    const { svg, overlay } = tipsApart(drawing, (text, isRight) =>
      `${isRight ? 'class="right" ' : ""}data-tip="${text}"`);
    if (overlay === "") {
      return drawing;
    }
    return `<div class="drawing" style="width:${sizeOf(svg, "width")}px">${svg}${overlay}</div>`;
  });

/** A drawing's own width or height, in its pixels. */
const sizeOf = (svg: string, name: "width" | "height"): number =>
  Number(new RegExp(` ${name}="([\\d.]+)"`).exec(svg)![1]);

/** More places side by side than this are too narrow to be hit. */
const MOST = 60;

/** The frame of a drawing, in its pixels. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * A tip for each point of an axis, as wide as the space that is nearer to it than to its neighbours.
 *
 * @param points Where each is on the horizontal axis in pixels, ascending, and its text.
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

/** A number as a tip shows it: four digits, or a share of a hundred. */
export const tipNumber = (value: number, isShare = false): string =>
  isShare
    ? tenthPercent(value)
    : Number.isInteger(value)
    ? formatCell(value)
    : String(Number(value.toPrecision(4))).replace("-", "−");
