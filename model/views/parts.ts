/**
 * What is shown of a value, as a list of parts: one list for a terminal, a notebook and a page.
 *
 * @module
 */
import { line, withImages } from "../../pipeline/display/cell/fragment.ts";
import { type Block, columns } from "../../pipeline/display/page.ts";
import { htmlTable, textTables } from "../../pipeline/display/table.ts";
import { visible } from "../../pipeline/display/text/visible.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { isRanked, markedHtml, type MarkedTable, plainTable } from "./marked_table.ts";

/** A sentence or a table. What is not there is left out. */
export type Part = string | MarkedTable | undefined;

/** Parts as text: an empty line is after a table, and before one that has a caption. */
export function partsText(parts: readonly Part[]): string {
  const known = parts.filter((part) => part !== undefined), texts: string[] = [];
  for (let i = 0; i < known.length;) {
    const part = known[i];
    if (typeof part === "string") {
      texts.push(...(texts.length > 0 ? ["\n"] : []), visible(part));
      i++;
      continue;
    }
    // Tables that follow one another share the note on columns that a terminal has no room for.
    const end = known.findIndex((other, at) => at > i && typeof other === "string");
    const tables = known.slice(i, end < 0 ? undefined : end) as MarkedTable[];
    if (texts.length > 0) texts.push(part.caption ? "\n\n" : "\n");
    texts.push(textTables(tables.map(plainTable)), ...(end < 0 ? [] : ["\n"]));
    i += tables.length;
  }
  return texts.join("");
}

/** Parts as an HTML fragment that inherits the colors of the page. */
export const partsHtml = (parts: readonly Part[]): string =>
  parts.filter((part) => part !== undefined).map((part) => {
    if (typeof part === "string") return line(part);
    return isRanked(part) ? markedHtml(part).html : htmlTable(plainTable(part));
  }).join("");

/** The drawings beside each other, as a notebook shows them. */
export const drawn = (blocks: readonly Block[]): string =>
  blocks.length > 0 ? withImages(columns(...blocks).html) : "";

/**
 * Gives a value a view of these parts.
 *
 * @param drawings Drawings, below them in a notebook. The code that draws is loaded only there.
 */
export const showing = <T extends object>(
  value: T,
  parts: () => readonly Part[],
  drawings: () => Promise<readonly Block[]> = () => Promise.resolve([]),
): T =>
  withDisplay(value, {
    text: () => partsText(parts()),
    html: async () => partsHtml(parts()) + drawn(await drawings()),
  });
