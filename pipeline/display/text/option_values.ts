/**
 * Values of options in messages, and how they are written in code: `popular` is `"popular"` there, `3,5` is `[3, 5]`.
 *
 * @module
 */

/** Words that go on with the sentence after an option ("--out goes with"): any other word there is the option's value. */
export const SENTENCE_WORDS: readonly string[] = (
  "a above again allows alone and are as asks at begins below by changed do does drops exclude for from give gives go goes if in " +
  "is it leaves lists names needs not nothing of on once only or out prepares prints ranks says select shows takes that the then to " +
  "tries turns was were where which with"
).split(" ");

/** Options without a value that messages tell the reader to give. */
export const SWITCHES: readonly string[] = ["force", "overwrite", "resume", "strict"];

/** Options that are lists in code, even with one value. */
const LISTS: readonly string[] = ["protocols", "lengths", "methods", "tags", "seeds", "nullValues"];

/** Options whose value is a file on a command line, and something else in code. */
const OTHERWISE: Readonly<Record<string, string>> = { "histories FILE": '[["ITEM", "ITEM"]]' };

/** Writes a value as in code: as a number, a text, or a list. */
export function valueInCode(name: string, value: string): string {
  const otherwise = OTHERWISE[`${name} ${value}`];
  if (otherwise !== undefined) return otherwise;
  if (value.startsWith('"')) return value;
  const isQuoted = value.startsWith("'");
  const text = isQuoted ? value.slice(1, -1).replaceAll("'\\''", "'") : value;
  if (LISTS.includes(name) || (text.includes(",") && !isQuoted)) {
    return `[${text.split(",").map(literal).join(", ")}]`;
  }
  return isQuoted ? JSON.stringify(text) : literal(text);
}

const literal = (value: string): string => /^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value);
