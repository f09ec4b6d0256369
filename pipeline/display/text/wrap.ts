/**
 * Wrapping of sentences on a terminal: between words, where the terminal itself would break them anywhere.
 *
 * @module
 */
import { displayWidth } from "./display_width.ts";
import { withTablesFor } from "../table/room.ts";

/** Indentation, in columns, of all lines of a sentence but the first. */
const HANG = 2;
/** Minimum width in columns: narrower sentences would be unreadable. */
const LEAST = 20;

/** Returns the terminal's width; that of the narrowest usual one if the terminal is gone. */
export function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Prepares text for a stream: wrapped to fit on a terminal, unchanged elsewhere. */
export const forStream = (text: string, stream: { isTerminal(): boolean }): string =>
  stream.isTerminal() ? wrapped(text, consoleColumns()) : text;

/** Prepares text for the console: on a terminal, tables and sentences fit its width. */
export function forConsole(text: () => string): string {
  if (!Deno.stdout.isTerminal()) return text();
  return forStream(withTablesFor(consoleColumns(), text), Deno.stdout);
}

/**
 * Wraps a text so that its sentences fit a terminal of this many columns. Line ends replace spaces, and nothing else is
 * changed. Pieces longer than a line stay whole, and so do commands, so that they can be copied. Lines of tables are
 * unchanged.
 *
 * @example
 * ```ts
 * import { wrapped } from "./wrap.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(wrapped("warning: the largest α says little", 25), "warning: the largest α\n  says little");
 * ```
 */
export function wrapped(text: string, columns: number): string {
  const width = columns - 1; // the last column makes some terminals wrap
  if (width < LEAST) return text;
  return text.split("\n").flatMap((line) => isTabular(line) ? [line] : hung(line, width)).join("\n");
}

/** Whether a line belongs to a table, or is a rule in one. */
const isTabular = (line: string): boolean => /\S {2,}\S|─{3}/.test(line);

function hung(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line];
  const [indent] = /^ */.exec(line)!;
  const [first, ...more] = filled(pieces(line.slice(indent.length)), width - indent.length, HANG);
  return [indent + first, ...more.map((part) => indent + " ".repeat(HANG) + part)];
}

/**
 * Fills lines of a width with pieces, as many as fit into each; a longer piece has a line of its own.
 *
 * @param hang Columns by which all lines but the first are narrower.
 */
export function filled(pieces: readonly string[], width: number, hang = 0): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1), room = width - (lines.length > 1 ? hang : 0);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(piece) <= room) {
      lines[lines.length - 1] = `${last} ${piece}`;
    } else lines.push(piece);
  }
  return lines;
}

const COMMAND = /^\W?(deno|automlp)$/;
/** Words that continue a sentence but never a command. */
const PROSE =
  /^(says|makes|made|tries|downloads|takes|did|does|lists|is|has|can|to|or|and|for|with|which|again|first|there|then)$/;

/** Pieces that no line may begin with, and those that none may end with: `k = 3`, `0.11 ± 0.02`, `20 %`. */
const LEANS = /^[=±%]\W*$/, LEADS = /^[=±]$/;

/** Splits a sentence into words, with each command as one piece, and each figure with its sign. */
function pieces(sentence: string): string[] {
  const pieces: string[] = [];
  let isCommand = false, before: string | undefined;
  for (const word of sentence.split(" ")) {
    const isGlued = before !== undefined && (LEANS.test(word) || LEADS.test(before));
    if (isGlued || isCommand && !PROSE.test(word)) pieces.push(`${pieces.pop()} ${word}`);
    else pieces.push(word);
    before = word;
    isCommand = !/[,;:)]$/.test(word) && (COMMAND.test(word) || isCommand && !PROSE.test(word));
  }
  return pieces;
}
