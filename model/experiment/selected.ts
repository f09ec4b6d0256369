/**
 * What a run of AutoMLP has selected, in the place of the search that found it.
 *
 * @module
 */
import type { RunFolder } from "../runs/folder.ts";

/** Options of the run with the length and the sizes that were selected in it, and no search. */
export function withSelected(folder: RunFolder, options: object): Record<string, unknown> {
  const { candidates: _candidates, searchOver: _over, warmStart: _searched, ...others } = options as Record<
    string,
    unknown
  >;
  const { shortTermLength, selectedSizes } = folder.readArchitecture()!;
  return { ...others, ...selectedSizes, search: "none", short: shortTermLength };
}
