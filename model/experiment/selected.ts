/**
 * Options with what a run of AutoMLP has selected in place of the search that found it.
 *
 * @module
 */
import type { RunFolder } from "../runs/folder.ts";

/** Returns the run's options with the selected length, and no search. */
export function withSelected(folder: RunFolder, options: object): Record<string, unknown> {
  const { candidates: _candidates, warmStart: _searched, ...others } = options as Record<
    string,
    unknown
  >;
  const { shortTermLength } = folder.readArchitecture()!;
  return { ...others, search: "none", short: shortTermLength };
}
