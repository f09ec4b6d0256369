/**
 * Paths without the name of the home folder's owner: a page that names files is passed on to others.
 *
 * @module
 */

/** A home folder on Linux, macOS or Windows (also in JSON), at the beginning of a path. */
const HOME =
  /(?<![\w.:/~\\-])(?:\/(?:home|Users)\/[^/\s"',:]+|\/root|[A-Z]:\\{1,2}Users\\{1,2}[^\\\s"',:]+)(?=[/\\\s"',:]|$)/g;

/**
 * Replaces home folders in a text with `~`.
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
