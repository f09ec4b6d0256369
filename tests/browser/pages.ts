/// <reference lib="dom" />
/**
 * How a browser renders pages: JSON on stdout, a list for each page with an object for each look at it.
 *
 *     deno run -A pages.ts BROWSER '[{ "width": 400, "dark": true }]' FILE …
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { type Browser, type Page, startBrowser } from "./start.ts";

/** How a page is looked at. */
export interface Look {
  /** Width of the window, in CSS pixels. */
  width: number;
  dark?: boolean;
  /** Whether it is rendered for printing. */
  print?: boolean;
  /** Whether folded parts are open. */
  open?: boolean;
  /** Where a picture of the whole page is saved; none if left out. */
  picture?: string;
}

/** How a browser renders a page. */
export interface Rendered {
  /** Messages on the console, including errors of scripts and of the content security policy. */
  console: string[];
  /** Width of the content, in CSS pixels. */
  scrollWidth: number;
  /** Height of the tallest drawing; 0 if there is none. */
  drawingHeight: number;
  /** Size of the smallest text in visible drawings, in CSS pixels; undefined if they have no text. */
  drawnText?: number;
  /** The colour of the page and of its text. */
  colors: { ground: string; ink: string };
  /** The beginnings of texts that reach beyond the page or their box, and that cannot be scrolled to in a box with a cue. */
  cut: string[];
  /** Number of boxes that scroll sideways. */
  scrolling: number;
  /** What hovering over drawings shows. */
  tips: string[];
  /** Drawings without anything to hover over, by their names. */
  mute: string[];
  /** What hovering over the last tip of each drawing shows, and the width of the content then; empty on paper. */
  hovered: { shows: string; scrollWidth: number }[];
}

/** Measures a page. Runs in it. */
function measure(isPaper: boolean): Omit<Rendered, "console" | "hovered"> {
  const page = document.documentElement, width = page.clientWidth;
  const isHidden = (style: CSSStyleDeclaration) => /hidden|clip|auto|scroll/.test(style.overflowX);
  const cut: string[] = [];
  const scrolling = new Set<Element>();
  /** The box that hides or scrolls content wider than itself. */
  const boxOf = (element: Element): HTMLElement | undefined => {
    let box = element.parentElement;
    while (box && box !== document.body && !isHidden(getComputedStyle(box))) box = box.parentElement;
    return box && box !== document.body ? box : undefined;
  };
  /** Whether a box that scrolls shows it by a shadow at its edge and takes keyboard focus; paper does not scroll. */
  const isCued = (box?: HTMLElement): box is HTMLElement => {
    if (isPaper || !box) return false;
    const style = getComputedStyle(box);
    return /auto|scroll/.test(style.overflowX) && /gradient/.test(style.backgroundImage) && box.tabIndex >= 0;
  };
  for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
    if (element.closest("svg, details:not([open]) > :not(summary)") || element.children.length > 0) continue;
    const { right } = element.getBoundingClientRect(), name = element.innerText.slice(0, 40);
    // Content that is wider than its own element, which does not scroll; inline text has no such width.
    const { clientWidth, scrollWidth } = element;
    if (clientWidth > 0 && scrollWidth > clientWidth + 1 && !isHidden(getComputedStyle(element))) {
      cut.push(name);
    }
    const box = isHidden(getComputedStyle(element)) ? element : boxOf(element);
    if (right <= Math.min(box?.getBoundingClientRect().right ?? width, width) + 1) continue;
    if (isCued(box)) scrolling.add(box);
    else cut.push(name);
  }
  const drawings = [...document.querySelectorAll("svg")];
  for (const svg of drawings) {
    if (svg.getBoundingClientRect().right <= width + 1 || isCued(boxOf(svg))) continue;
    cut.push(svg.getAttribute("aria-label") ?? "drawing");
  }
  const tipsOf = (svg: Element) =>
    [...svg.closest(".drawing")?.querySelectorAll<HTMLElement>("[data-tip]") ?? []].map(({ dataset }) =>
      dataset.tip!
    );
  const drawnText = [...document.querySelectorAll<SVGTextElement>("svg text")].map((text) => {
    const svg = text.ownerSVGElement!, scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return parseFloat(getComputedStyle(text).fontSize) * scale;
  }).filter((size) => size > 0); // 0 in folded parts
  const { color } = getComputedStyle(page), { backgroundColor } = getComputedStyle(page);
  return {
    scrollWidth: page.scrollWidth,
    drawingHeight: Math.max(0, ...drawings.map((svg) => svg.getBoundingClientRect().height)),
    ...(drawnText.length > 0 && { drawnText: Math.min(...drawnText) }),
    colors: { ground: backgroundColor, ink: color },
    cut,
    scrolling: scrolling.size,
    tips: drawings.flatMap(tipsOf),
    mute: drawings.filter((svg) => tipsOf(svg).length === 0).map((svg) =>
      svg.getAttribute("aria-label") ?? "drawing"
    ),
  };
}

/** Renders the page of a file and measures it. */
async function lookAt(browser: Browser, file: string, look: Look): Promise<Rendered> {
  const { width, dark, print, open, picture } = look, console: string[] = [];
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: dark ? "dark" : "light",
  });
  page.on("console", (message) => console.push(message.text()));
  page.on("pageerror", (error) => console.push(error.message));
  await page.emulateMedia({ media: print ? "print" : "screen" });
  await page.goto(pathToFileURL(file).href);
  if (open) await page.evaluate(() => document.querySelectorAll("details").forEach((one) => one.open = true));
  const measured = await page.evaluate(measure, print ?? false);
  if (picture) await page.screenshot({ path: picture, fullPage: true });
  const hovered = print ? [] : await hoverOver(page);
  await page.close();
  return { console, ...measured, hovered };
}

async function hoverOver(page: Page): Promise<Rendered["hovered"]> {
  const hovered: Rendered["hovered"] = [];
  for (const drawing of await page.locator(".drawing:visible").all()) {
    const tip = drawing.locator("[data-tip]").last();
    await tip.hover();
    hovered.push(
      await tip.evaluate((span) => ({
        shows: getComputedStyle(span, "::after").content,
        scrollWidth: document.documentElement.scrollWidth,
      })),
    );
  }
  return hovered;
}

if (import.meta.main) {
  const [program, looks, ...files] = Deno.args;
  const browser = await startBrowser(program);
  try {
    const rendered: Rendered[][] = [];
    for (const file of files) {
      const ofFile: Rendered[] = [];
      for (const look of JSON.parse(looks) as Look[]) ofFile.push(await lookAt(browser, file, look));
      rendered.push(ofFile);
    }
    console.log(JSON.stringify(rendered));
  } finally {
    await browser.close();
  }
}
