/**
 * Which users were left out of a dataset because of their number of interactions.
 *
 * @module
 */
import type { Manifest } from "./manifest.ts";

/** Formats as in `users with fewer than 10 interactions were left out of it`; undefined if there was no such limit. */
export function leftOutWords({ minUser, maxUser }: Manifest["config"]): string | undefined {
  const limits = [
    ...(typeof minUser === "number" && minUser > 1 ? [`fewer than ${minUser}`] : []),
    ...(typeof maxUser === "number" ? [`more than ${maxUser}`] : []),
  ];
  if (limits.length === 0) return undefined;
  return `users with ${limits.join(" or ")} interactions were left out of it`;
}
