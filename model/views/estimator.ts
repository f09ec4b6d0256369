/**
 * An AutoMLP that has learnt nothing yet, for people.
 *
 * @module
 */
import { visible } from "../../pipeline/display/text/visible.ts";

/**
 * What it is and what it was told: `AutoMLP, not fitted: epochs 10, candidates 3 5`.
 *
 * @param begun The folder of a fit that was stopped.
 */
export function unfittedText(options: object, begun?: string): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.map(([key, value]) => `${key} ${valueText(value)}`);
  const stopped = begun === undefined ? "" : `; a fit was begun in ${begun}: fit again resumes it`;
  return `AutoMLP, not fitted: ${words.join(", ") || "default options"}${stopped}`;
}

const valueText = (value: unknown): string =>
  visible(
    Array.isArray(value)
      ? value.join(" ")
      : typeof value === "object"
      ? JSON.stringify(value)
      : String(value),
  );
