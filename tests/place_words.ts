/** The place of work under way, as one text. */
import type { Place } from "../pipeline/contract/progress.ts";

/** Everything that is said about it now, in its longest form. */
export function wordsOf(place: Place | (() => Place) | undefined): string {
  const now = typeof place === "function" ? place() : place ?? "";
  if (typeof now === "string") return now;
  return now.map((fact) => typeof fact === "string" ? fact : fact.text).join(", ");
}
