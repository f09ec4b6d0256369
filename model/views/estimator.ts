/**
 * An AutoMLP that is not fitted yet, as text.
 *
 * @module
 */
import { visible } from "../../pipeline/display/text/visible.ts";

/**
 * Its state and the options it was given: `AutoMLP, not fitted: epochs 10, candidates 3 5`.
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
