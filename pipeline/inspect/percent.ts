/**
 * Shares in words.
 *
 * @module
 */
import { formatCell } from "../display/table.ts";

/** A share as people read it: `4.47 %`, with more digits the smaller it is. */
export function percent(share: number): string {
  return `${formatCell(Number((100 * share).toPrecision(3)))} %`;
}
