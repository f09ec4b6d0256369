/**
 * The pictures of README: of a report, and of outputs of the notebooks as they are stored.
 *
 *     deno task pipeline --out runs/demo
 *     deno run -A tests/browser/pictures.ts /usr/bin/chromium runs/demo/report.html
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { escapeHtmlLines } from "../../pipeline/display/table.ts";
import { type Notebook, readNotebook, sourceOf } from "../notebooks/faults.ts";
import { root } from "../paths.ts";
import { type Browser, type Page, startBrowser } from "./start.ts";

/** CSS pixels of a page, and how many pixels of a picture each is. */
const WIDTH = 1000, SCALE = 1.4;

const pageOf = (browser: Browser, dark = false): Promise<Page> =>
  browser.newPage({
    viewport: { width: WIDTH, height: 800 },
    deviceScaleFactor: SCALE,
    colorScheme: dark ? "dark" : "light",
  });

/** The beginning of the report, down to what is folded; and the search. */
async function reportPictures(browser: Browser, report: string, folder: string): Promise<void> {
  const page = await pageOf(browser);
  await page.goto(pathToFileURL(report).href);
  const fold = await page.locator("details").first().boundingBox();
  await page.screenshot({
    path: join(folder, "report.png"),
    fullPage: true,
    clip: { x: 0, y: 0, width: WIDTH, height: fold!.y - 8 },
  });
  const search = page.locator("section", { hasText: "Search for the short-term length" });
  await search.screenshot({ path: join(folder, "report-search.png") });
}

/** Cells of a notebook, each with its code and what it showed. */
interface Cells {
  notebook: string;
  /** How the code of each begins. */
  beginnings: string[];
  /** Without the ending. */
  picture: string;
}

const CELLS: Cells[] = [
  {
    notebook: "02_search",
    beginnings: ["search;", "const architecture = search.select();"],
    picture: "search",
  },
  { notebook: "04_compare", beginnings: ["compareAll(", "const popularities"], picture: "compare" },
];

const NOTEBOOK_STYLE = `
  body { margin: 0; padding: 12px; font: 14px/1.45 system-ui, "Segoe UI", Roboto, sans-serif; color: CanvasText; background: Canvas; }
  .code { font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; background: #8881; border: 1px solid #8884; padding: 6px 10px;
    margin: 0 0 8px; white-space: pre; overflow: hidden; }
  .output { margin: 0 0 18px; }
  figure { margin: 0; }
  tbody tr:nth-child(odd) { background: #8881; }`;

function cellsHtml({ cells }: Notebook, beginnings: readonly string[]): string {
  const shown = beginnings.map((beginning) => {
    const cell = cells.find((cell) => cell.cell_type === "code" && sourceOf(cell).startsWith(beginning));
    if (!cell) throw new Error(`no cell begins with ${beginning}`);
    const outputs = cell.outputs!.map(({ data }) => data?.["text/html"]).filter((html) => html !== undefined);
    const code = sourceOf(cell).split("\n"), long = code.length > LONGEST;
    return `<div class="code">${
      escapeHtmlLines(long ? ["// …", ...code.slice(-LONGEST)].join("\n") : code.join("\n"))
    }</div><div class="output">${outputs.flat().join("")}</div>`;
  });
  return `<!doctype html><meta name="color-scheme" content="light dark"><style>${NOTEBOOK_STYLE}</style>${
    shown.join("")
  }`;
}

/** Lines of code that are shown. */
const LONGEST = 8;

async function notebookPictures(browser: Browser, { notebook, beginnings, picture }: Cells): Promise<void> {
  const html = cellsHtml(readNotebook(`${root}notebooks/${notebook}.ipynb`), beginnings);
  for (const dark of [false, true]) {
    const page = await pageOf(browser, dark);
    await page.setContent(html);
    const path = `${root}notebooks/pictures/${picture}${dark ? "-dark" : ""}.png`;
    await page.screenshot({ path, fullPage: true });
    await page.close();
  }
}

if (import.meta.main) {
  const [program, report] = Deno.args, folder = `${root}docs/pictures`;
  const browser = await startBrowser(program);
  try {
    mkdirSync(folder, { recursive: true });
    await reportPictures(browser, report, folder);
    for (const cells of CELLS) await notebookPictures(browser, cells);
  } finally {
    await browser.close();
  }
}
