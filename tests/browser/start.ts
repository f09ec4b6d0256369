/**
 * Starts the browser for the scripts in this folder. Playwright reads what Deno lets only programs with all permissions read. Tests do not
 * have all permissions, so they run these scripts and read their output.
 *
 * @module
 */
// Named here and not in deno.json, whose packages are all installed by the first command that a user runs.
import { type Browser, chromium } from "playwright-core";

export type { Browser, Locator, Page } from "playwright-core";

/** Starts the browser at a path. It cannot reach anything outside this machine. */
export const startBrowser = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    chromiumSandbox: false, // the sandbox needs rights that containers do not give
    args: ["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=127.0.0.1"],
  });
