/**
 * Which users a dataset does not have, by how many interactions they had.
 *
 * @module
 */
import type { Manifest } from "./manifest.ts";

/** As in `users with fewer than 10 interactions were left out of it`; undefined where none were for that. */
export function leftOutWords({ minUser, maxUser }: Manifest["config"]): string | undefined {
  const limits = [
    ...(typeof minUser === "number" && minUser > 1 ? [`fewer than ${minUser}`] : []),
    ...(typeof maxUser === "number" ? [`more than ${maxUser}`] : []),
  ];
  if (limits.length === 0) return undefined;
  return `users with ${limits.join(" or ")} interactions were left out of it`;
}
