/**
 * Describes a package that could not be fetched when it was imported.
 *
 * @module
 */

/**
 * Returns the line for Deno's error about a package that it could not fetch; undefined for any other error.
 *
 * @example
 * ```ts
 * import { notFetchedLine } from "./not_fetched.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new TypeError("Failed caching npm package 'zod@4.6.7'\n    0: error sending request");
 * assert(notFetchedLine(error) === "Cannot fetch the package zod@4.6.7, which comes when it is first needed; run this again when the network is there");
 * ```
 */
export function notFetchedLine(error: unknown): string | undefined {
  const name = error instanceof Error && /^Failed caching npm package '([^'\n]+)'/.exec(error.message)?.[1];
  return name
    ? `Cannot fetch the package ${name}, which comes when it is first needed; run this again when the network is there`
    : undefined;
}
