/**
 * What the search of a job compares, as written on a command line or in a file.
 *
 * @module
 */
import { z } from "zod";
import { didYouMean } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/first_repeated.ts";
import { inPlainWords } from "../../pipeline/contract/options/plain_words.ts";
import { toKey } from "../../pipeline/display/text/to_key.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { sizesShape } from "../automlp/config.ts";
import { SEARCHED_SIZES, type SearchedSize } from "../records/searched_sizes.ts";
import type { SearchedSizes } from "../search/space.ts";

/** The length is always searched; the candidates say which lengths. */
const LENGTH = "length";
const NAMES: readonly string[] = [LENGTH, ...SEARCHED_SIZES];

/** The values that tuning tries by default. */
function declaredValues(size: SearchedSize): number[] | undefined {
  const { space } = (sizesShape[size] as z.ZodType).meta() ?? {};
  return Array.isArray(space) ? space as number[] : undefined;
}

/** `layers=1:2` → the size and its values; `undefined` for the length. Anything else is told to `wrong`. */
function parseEntry(entry: string, wrong: (message: string) => void): [SearchedSize, number[]] | undefined {
  const [written, list] = entry.split("=", 2), name = toKey(written.trim());
  if (!NAMES.includes(name)) {
    const names = NAMES.map(toFlag);
    wrong(
      `"${written}" is nothing that is searched over${didYouMean(written, names)}; there are ${
        names.join(", ")
      }`,
    );
    return undefined;
  }
  if (name === LENGTH) {
    if (list !== undefined) wrong("the lengths are named with --candidates");
    return undefined;
  }
  const size = name as SearchedSize;
  const values = list === undefined ? declaredValues(size) : list.split(":").map(Number);
  if (values === undefined) wrong(`say which values of ${written}, as in ${written}=32:64`);
  else if (!values.every((value) => Number.isInteger(value) && value >= 0)) {
    wrong(`"${entry}" does not name whole numbers, as in ${written}=1:2`);
  } else return [size, values];
}

/**
 * `length,layers,dim=32:64`, or by name `{ dim: [32, 64] }`. Without values a size has those that tuning tries.
 */
export const searchOver = z.union([
  z.string(),
  z.array(z.string()).min(1),
  z.partialRecord(z.enum(SEARCHED_SIZES), z.array(z.int().nonnegative()).min(1)),
]).transform((given, context): SearchedSizes => {
  const wrong = (message: string) => context.addIssue({ code: "custom", message });
  const named = typeof given === "object" && !Array.isArray(given)
    ? Object.entries(given) as [SearchedSize, number[]][]
    : [given].flat().flatMap((text) => text.split(",")).map((entry) => parseEntry(entry, wrong))
      .filter((size) => size !== undefined);
  const twice = firstRepeated(named.map(([size]) => size));
  if (twice !== undefined) wrong(`${toFlag(twice)} is named twice; name all its values at once`);
  named.forEach(([size, values]) => checkValues(size, values, wrong));
  return Object.fromEntries(named);
});

/** The same as on a command line: one entry per size, `layers=1:2`. */
export const searchOverAsGiven = (over: SearchedSizes = {}): string[] => {
  const entries = Object.entries(over).map(([size, values]) => `${toFlag(size)}=${values.join(":")}`);
  return entries.length > 0 ? entries : [LENGTH];
};

/** Checks a size's values without the data, so that nobody has to wait for these. */
function checkValues(size: SearchedSize, values: readonly number[], wrong: (message: string) => void): void {
  const twice = firstRepeated(values);
  if (twice !== undefined) return wrong(`${toFlag(size)} has the value ${twice} twice; name each value once`);
  for (const value of values) {
    const misfit = sizesShape[size].safeParse(value, { error: inPlainWords }).error?.issues[0].message;
    if (misfit !== undefined) return wrong(`${value} does not fit ${toFlag(size)}: ${misfit}`);
  }
}

/**
 * The sizes that the search of a job compares. If a hidden size of the channel mixers was given, all candidates have it; if not, it is each
 * candidate's own D.
 */
export const searchedSizes = (
  { searchOver, channelHidden }: { searchOver?: SearchedSizes; channelHidden?: number },
): SearchedSizes | undefined =>
  searchOver?.dim === undefined || channelHidden === undefined
    ? searchOver
    : { channelHidden: [channelHidden], ...searchOver };
