/**
 * Starts the browser of the scripts in this folder. Playwright reads what Deno lets only programs with all permissions read, which
 * tests are not: so they run these scripts, and read what they print.
 *
 * @module
 */
// Named here and not in deno.json, whose packages are all installed with the first command that somebody runs.
import { type Browser, chromium } from "playwright-core";

export type { Browser, Locator, Page } from "playwright-core";

/** Starts the browser at a path. It reaches nothing outside this machine. */
export const startBrowser = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    chromiumSandbox: false, // it needs rights that containers do not give
    args: ["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=127.0.0.1"],
  });
