/**
 * A page in a real browser, if one is installed.
 *
 * @module
 */
import { delimiter, join } from "node:path";
import type { Look, Rendered } from "../../browser/pages.ts";
import { fromFileUrl, root } from "../../paths.ts";

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

/** Runs a script of `tests/browser/` and returns the JSON that it prints. */
export async function inBrowser<T>(script: string, ...args: string[]): Promise<T> {
  const path = fromFileUrl(new URL(`../../browser/${script}`, import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--config", `${root}deno.json`, path, browser!, ...args],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${script} failed:\n${text(stderr).slice(-4000)}`);
  return JSON.parse(text(stdout));
}

/** Renders pages in the browser, each in several ways. Without a network: any request of a page would be an error. */
export async function lookAtAll(pages: readonly string[], ...looks: Look[]): Promise<Rendered[][]> {
  const folder = Deno.makeTempDirSync();
  try {
    const files = pages.map((html, i) => {
      const file = join(folder, `${i}.html`);
      Deno.writeTextFileSync(file, html);
      return file;
    });
    return await inBrowser<Rendered[][]>("pages.ts", JSON.stringify(looks), ...files);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Renders one page in the browser. */
export const look = async (html: string, ...looks: Look[]): Promise<Rendered[]> =>
  (await lookAtAll([html], ...looks))[0];

/** Lays a page out `width` CSS pixels wide. */
export const render = async (html: string, width: number): Promise<Rendered> =>
  (await look(html, { width }))[0];
