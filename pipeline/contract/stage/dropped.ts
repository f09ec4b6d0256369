/**
 * Rows that a stage dropped, also in words: how many, why, and because of which option.
 *
 * @module
 */
import { formatCell } from "../../display/table.ts";
import { currentSpeech, type Speech } from "../../display/text/option_names.ts";
import { countOf } from "../../display/text/units.ts";

/** Rows that a stage dropped, and why, in its {@link StageReport}. */
export interface DroppedRows {
  /** The reason, as in `rating below 4` or `users with fewer than 10 interactions`. */
  reason: string;
  /** Number of rows. */
  rows: number;
  /** If whole users or items were dropped: how many, and how many there were before. */
  ids?: { of: "users" | "items"; dropped: number; before: number };
  /** The option that caused it, by its name in code: `{ name: "minUser", value: 10 }`. Omitted if no option did, as for blank lines. */
  option?: { name: string; value: number | string };
}

/**
 * Formats as in `85 of 1,500 users with fewer than 10 interactions (528 rows): --min-user 10`, or `2 rows, rating below 4: --min-rating 4`.
 */
export function droppedWords(dropped: DroppedRows, speech: Speech = currentSpeech()): string {
  const rows = countOf(dropped.rows, "row");
  const what = dropped.ids ? `${whyDropped(dropped)} (${rows})` : `${rows}, ${dropped.reason}`;
  return `${what}${askedFor(dropped, speech)}`;
}

/** The same without the number of rows, which is shown beside it: `85 of 1,500 users with fewer than 10 interactions: --min-user 10`. */
export const reasonWords = (dropped: DroppedRows, speech: Speech = currentSpeech()): string =>
  `${whyDropped(dropped)}${askedFor(dropped, speech)}`;

const whyDropped = ({ reason, ids }: DroppedRows): string =>
  ids ? `${formatCell(ids.dropped)} of ${formatCell(ids.before)} ${reason}` : reason;

function askedFor({ option }: DroppedRows, speech: Speech): string {
  if (!option) return "";
  const { name, value } = option;
  return speech === "code"
    ? `: ${name}: ${JSON.stringify(value)}`
    : `: --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`;
}
