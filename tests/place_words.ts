/** Where work stands, as one text. */
import type { Place } from "../pipeline/contract/progress.ts";

/** All that is said of it now, at its longest. */
export function wordsOf(place: Place | (() => Place) | undefined): string {
  const now = typeof place === "function" ? place() : place ?? "";
  if (typeof now === "string") return now;
  return now.map((fact) => typeof fact === "string" ? fact : fact.text).join(", ");
}
