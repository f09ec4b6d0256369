/**
 * The pictures of README and the manual: of a report, of the inspection of its dataset, and of the stored outputs of the notebooks.
 *
 *     deno task pipeline --out runs/demo
 *     deno run -A tests/browser/pictures.ts /usr/bin/chromium runs/demo/report.html
 *
 * Python (AUTOMLP_PYTHON) compresses them, with Pillow.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspectDataset, inspectionHtml, readDataset } from "../../mod.ts";
import { escapeHtmlLines } from "../../pipeline/display/table.ts";
import { type Notebook, readNotebook, sourceOf } from "../notebooks/faults.ts";
import { root } from "../paths.ts";
import { runPython } from "../pipeline/export/python.ts";
import { type Browser, type Page, startBrowser } from "./start.ts";

/** Width of a page in CSS pixels, and pixels of a picture for each. */
const WIDTH = 940, SCALE = 2;

const pageOf = (browser: Browser, dark = false): Promise<Page> =>
  browser.newPage({
    viewport: { width: WIDTH, height: 100 },
    deviceScaleFactor: SCALE,
    colorScheme: dark ? "dark" : "light",
  });

const folder = `${root}docs/pictures`;

/** The beginning of the report, down to the table of results; and the search. */
async function reportPictures(browser: Browser, report: string): Promise<string[]> {
  const [first, second] = ["report.png", "report-search.png"].map((name) => join(folder, name));
  const page = await pageOf(browser);
  await page.goto(pathToFileURL(report).href);
  const table = (await page.locator(".table").first().boundingBox())!;
  await page.screenshot({
    path: first,
    fullPage: true,
    clip: { x: 0, y: 0, width: WIDTH, height: table.y + table.height },
  });
  const search = page.locator("section", { hasText: "Search for the short-term length" });
  // Down to the curves of α and their shares.
  const box = (await search.boundingBox())!, next = (await search.locator("figure").nth(3).boundingBox())!;
  await page.screenshot({
    path: second,
    fullPage: true,
    clip: { x: 0, y: box.y + 8, width: WIDTH, height: next.y - box.y - 16 },
  });
  return [first, second];
}

/** The head of a dataset's page, with the lengths of sequences and the popularity of items; the table in between is left out. */
async function inspectionPicture(browser: Browser, path: string): Promise<string> {
  const dataset = await readDataset(path),
    page = await pageOf(browser),
    picture = `${root}notebooks/pictures/inspection.png`;
  await page.setContent(await inspectionHtml(await inspectDataset(dataset), dataset));
  await page.addStyleTag({ content: "#section-1 { display: none }" });
  const { y, height } =
    (await page.locator("section", { hasText: "Sequences and popularity" }).boundingBox())!;
  await page.screenshot({
    path: picture,
    fullPage: true,
    clip: { x: 0, y: 0, width: WIDTH, height: y + height },
  });
  return picture;
}

/** Cells of a notebook, each with its code and what it showed. */
interface Cells {
  notebook: string;
  /** How the code of each cell begins. */
  beginnings: string[];
  /** File name without the extension. */
  picture: string;
}

const CELLS: Cells[] = [
  {
    notebook: "02_search",
    beginnings: ["search;"],
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
    const code = sourceOf(cell), isShort = code.split("\n").length <= LONGEST;
    return `${isShort ? `<div class="code">${escapeHtmlLines(code)}</div>` : ""}<div class="output">${
      outputs.flat().join("")
    }</div>`;
  });
  return `<!doctype html><meta name="color-scheme" content="light dark"><style>${NOTEBOOK_STYLE}</style>${
    shown.join("")
  }`;
}

/** Maximum number of lines of code shown; longer code is left out. */
const LONGEST = 8;

async function notebookPictures(
  browser: Browser,
  { notebook, beginnings, picture }: Cells,
): Promise<string[]> {
  const html = cellsHtml(readNotebook(`${root}notebooks/${notebook}.ipynb`), beginnings);
  const paths = ["", "-dark"].map((ending) => `${root}notebooks/pictures/${picture}${ending}.png`);
  for (const [i, path] of paths.entries()) {
    const page = await pageOf(browser, i === 1);
    await page.setContent(html);
    await page.screenshot({ path, fullPage: true });
    await page.close();
  }
  return paths;
}

if (import.meta.main) {
  const [program, report] = Deno.args;
  const browser = await startBrowser(program);
  try {
    mkdirSync(folder, { recursive: true });
    const paths = await reportPictures(browser, report);
    paths.push(await inspectionPicture(browser, join(dirname(report), "dataset")));
    for (const cells of CELLS) paths.push(...await notebookPictures(browser, cells));
    console.log(runPython<Record<string, number>>("fewer_colours.py", ...paths));
  } finally {
    await browser.close();
  }
}
