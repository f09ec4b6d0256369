/**
 * A page in a real browser, where one is installed.
 *
 * @module
 */
import { delimiter, join } from "node:path";

/** The path of a Chromium-like browser, or undefined. */
export const browser: string | undefined = (Deno.env.get("PATH") ?? "").split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });

/** What a browser makes of a page. */
export interface Rendered {
  /** Messages on the console, errors of scripts and of the content security policy among them. */
  console: string[];
  /** How wide the content is, in CSS pixels. */
  scrollWidth: number;
  /** Height of the tallest drawing; 0 where none is drawn. */
  drawingHeight: number;
}

/** Lays a page out `width` CSS pixels wide. Without a network: anything the page asked for would be an error. */
export async function render(html: string, width: number): Promise<Rendered> {
  const folder = Deno.makeTempDirSync();
  try {
    const attribute = html.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    Deno.writeTextFileSync(
      join(folder, "frame.html"),
      `<!doctype html><meta charset="utf-8"><iframe width="${width}" height="800" style="border:0" srcdoc="${attribute}"></iframe>
<pre></pre><script>onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  const heights = [...page.querySelectorAll("svg")].map((svg) => svg.getBoundingClientRect().height);
  document.querySelector("pre").textContent = JSON.stringify({
    scrollWidth: page.documentElement.scrollWidth,
    drawingHeight: Math.max(0, ...heights),
  });
}</script>`,
    );
    const { stdout, stderr } = await new Deno.Command(browser!, {
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--proxy-server=127.0.0.1:9",
        `--user-data-dir=${join(folder, "profile")}`,
        "--enable-logging=stderr",
        "--dump-dom",
        `file://${join(folder, "frame.html")}`,
      ],
    }).output();
    const dom = new TextDecoder().decode(stdout), log = new TextDecoder().decode(stderr);
    const measured = dom.match(/<pre>(\{.*\})<\/pre>/)?.[1];
    if (!measured) throw new Error(`The browser rendered nothing: ${log.slice(-2000)}`);
    return {
      ...JSON.parse(measured),
      console: log.split("\n").filter((line) => line.includes(":CONSOLE")),
    };
  } finally {
    await removeFolder(folder);
  }
}

/** The browser's own processes may still write for a moment. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
