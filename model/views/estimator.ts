/**
 * An AutoMLP that has learnt nothing yet, for people.
 *
 * @module
 */

/** What it is and what it was told: `AutoMLP, not fitted: epochs 10, candidates 3, 5`. */
export function unfittedText(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.map(([key, value]) => `${key} ${valueText(value)}`);
  return `AutoMLP, not fitted: ${words.join(", ") || "default options"}`;
}

const valueText = (value: unknown) =>
  Array.isArray(value) ? value.join(" ") : typeof value === "object" ? JSON.stringify(value) : String(value);
