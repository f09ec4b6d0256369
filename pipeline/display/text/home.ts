/**
 * Paths without the name of whose home folder they are in: what a page says of where files were goes to others with it.
 *
 * @module
 */

/** A home folder on Linux, on macOS, on Windows (in JSON, too), where a path begins. */
const HOME =
  /(?<![\w.:/~\\-])(?:\/(?:home|Users)\/[^/\s"',:]+|\/root|[A-Z]:\\{1,2}Users\\{1,2}[^\\\s"',:]+)(?=[/\\\s"',:]|$)/g;

/**
 * A text in which home folders are `~`.
 *
 * @example
 * ```ts
 * import { withoutHome } from "./home.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(withoutHome("--data /home/ann.smith/logs/day.csv"), "--data ~/logs/day.csv");
 * ```
 */
export const withoutHome = (text: string): string => text.replace(HOME, "~");
