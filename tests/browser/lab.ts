/// <reference lib="dom" />
/**
 * JupyterLab in a browser, as a person uses it: by what is visible, clicks and keys.
 *
 * @module
 */
import { join } from "node:path";
import type { Locator, Page } from "./start.ts";

/** What a cell shows when it has run. */
export interface Shown {
  /** The text of its outputs. */
  text: string;
  /** The text of its errors and of the standard error stream; empty if there is none. */
  error: string;
  /** Drawings that the browser could draw, by their alternative text. */
  drawings: string[];
  /** What hovering over the outputs shows, each once. */
  tips: string[];
  /** What hovering over the middle of each visible drawing shows. */
  hovered: string[];
  /** CSS pixels by which the outputs are wider than their place, unless a box in them scrolls. */
  overflow: number;
}

/** Reads what a cell's outputs show. Runs in the page. */
function look(cell: Element): Shown {
  const outputs = [...cell.querySelectorAll<HTMLElement>(".jp-OutputArea-output")];
  const text = (some: HTMLElement[]) => some.map(({ innerText }) => innerText).join("\n");
  const within = <T extends Element>(selector: string) =>
    outputs.flatMap((output) => [...output.querySelectorAll<T>(selector)]);
  return {
    text: text(outputs),
    error: text(
      outputs.filter(({ dataset }) => /^application\/vnd\.jupyter\.(error|stderr)$/.test(dataset.mimeType!)),
    ),
    drawings: within<HTMLImageElement>("img").filter(({ complete, naturalWidth }) =>
      complete && naturalWidth > 0
    )
      .map(({ alt }) => alt),
    tips: [...new Set(within<HTMLElement>("[title]").map(({ title }) => title))],
    hovered: within<HTMLImageElement>("img").flatMap((image) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit && image.parentElement!.contains(hit) ? [(hit as HTMLElement).title] : [];
    }),
    overflow: Math.max(0, ...outputs.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)),
  };
}

/** How often a person presses Tab, and the milliseconds without an answer before the next press. */
const PRESSES = 20, PATIENCE = 1500;

/** A new notebook. */
export class Notebook {
  #pictures = 0;

  private constructor(readonly page: Page, readonly folder?: string) {}

  /**
   * Opens JupyterLab and, from its launcher, a notebook with the named kernel.
   *
   * @param folder Where a picture of every cell that has run is saved; left out, none is saved.
   */
  static async create(page: Page, address: string, kernel: string, folder?: string): Promise<Notebook> {
    await page.goto(address);
    const cards = page.locator('.jp-LauncherCard[data-category="Notebook"]');
    await cards.filter({ hasText: kernel }).click();
    const notebook = new Notebook(page, folder);
    await notebook.#indicator("idle").waitFor({ state: "attached" });
    return notebook;
  }

  /** Puts text into the last cell; a `|` in it marks the position of the cursor, and is left out. */
  async type(marked: string): Promise<void> {
    const behind = marked.includes("|") ? marked.length - marked.indexOf("|") - 1 : 0;
    await this.#last.locator(".cm-content").click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(marked.replace("|", ""));
    for (let i = 0; i < behind; i++) await this.page.keyboard.press("ArrowLeft");
  }

  /** Returns what Tab offers at the cursor. A kernel that has just started may not answer the first press. */
  async tab(): Promise<string[]> {
    const offers = this.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-match");
    for (let press = 1;; press++) {
      await this.page.keyboard.press("Tab");
      try {
        await offers.first().waitFor({ timeout: PATIENCE });
        return await offers.allInnerTexts();
      } catch (error) {
        if (press === PRESSES) throw error;
      }
    }
  }

  /** Closes the offers without taking one. */
  async close(): Promise<void> {
    await this.page.keyboard.press("Escape");
  }

  /** Takes the first of the offers. */
  async take(): Promise<void> {
    await this.page.keyboard.press("Enter");
  }

  /** Returns what Shift+Tab shows about the word at the cursor. */
  async documentation(): Promise<string> {
    await this.page.keyboard.press("Shift+Tab");
    const tooltip = this.page.locator(".jp-Tooltip");
    await tooltip.locator("pre, p").first().waitFor();
    const text = await tooltip.innerText();
    await this.page.keyboard.press("Escape");
    await tooltip.waitFor({ state: "detached" });
    return text;
  }

  /** The code of the last cell. */
  async code(): Promise<string> {
    return (await this.#last.locator(".cm-line").allInnerTexts()).join("\n");
  }

  /** Runs the last cell and returns what it shows; afterwards there is a new one. */
  async run(code?: string): Promise<Shown> {
    const cell = await this.start(code);
    return await this.finished(cell);
  }

  /** Starts the last cell. */
  async start(code?: string): Promise<Locator> {
    if (code !== undefined) await this.type(code);
    const cells = this.page.locator(".jp-CodeCell"), number = await cells.count();
    await this.page.keyboard.press("Shift+Enter");
    await cells.nth(number).waitFor();
    return cells.nth(number - 1);
  }

  /** Waits until a cell has run. */
  async finished(cell: Locator): Promise<Shown> {
    await cell.locator(".jp-InputArea-prompt", { hasText: /\[\d+\]/ }).waitFor();
    await this.#indicator("idle").waitFor({ state: "attached" });
    if (this.folder) await this.page.screenshot({ path: join(this.folder, `${++this.#pictures}.png`) });
    return await cell.evaluate(look);
  }

  /** Presses the stop button, a square in the toolbar. */
  async stop(): Promise<void> {
    await this.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]').click();
  }

  get #last(): Locator {
    return this.page.locator(".jp-CodeCell").last();
  }

  #indicator(status: "idle"): Locator {
    return this.page.locator(`.jp-Notebook-ExecutionIndicator[data-status="${status}"]`);
  }
}
