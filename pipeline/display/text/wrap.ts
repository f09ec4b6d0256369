/**
 * Sentences on a terminal: broken between words, where the terminal would break them anywhere.
 *
 * @module
 */
import { displayWidth } from "./display_width.ts";
import { withTablesFor } from "../table/room.ts";

/** Columns by which what follows the first line of a sentence is set in. */
const HANG = 2;
/** Narrower than this, no sentence can be read. */
const LEAST = 20;

/** The terminal's width; that of the narrowest usual one where there is no terminal any more. */
export function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Text as a stream is to get it: on a terminal in lines that fit, elsewhere as it is. */
export const forStream = (text: string, stream: { isTerminal(): boolean }): string =>
  stream.isTerminal() ? wrapped(text, consoleColumns()) : text;

/** What is to be shown on the console: on a terminal its tables and sentences fit. */
export function forConsole(text: () => string): string {
  if (!Deno.stdout.isTerminal()) return text();
  return forStream(withTablesFor(consoleColumns(), text), Deno.stdout);
}

/**
 * A text whose sentences fit a terminal of so many columns. A line end takes the place of a space, and nothing else is
 * changed. What is longer than a line stays whole, and so do commands, so that they can be copied. Lines of tables stay
 * as they are.
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

/** Whether words have their columns: a table, or a rule in one. */
const isTabular = (line: string): boolean => /\S {2,}\S|─{3}/.test(line);

function hung(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line];
  const [indent] = /^ */.exec(line)!;
  const [first, ...more] = filled(pieces(line.slice(indent.length)), width - indent.length, HANG);
  return [indent + first, ...more.map((part) => indent + " ".repeat(HANG) + part)];
}

/**
 * Pieces in lines of a width, as many as go into each; a piece that is longer has a line of its own.
 *
 * @param hang By how much all lines but the first are narrower.
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
/** What no command goes on with, and a sentence does. */
const PROSE =
  /^(says|makes|made|tries|downloads|takes|did|does|lists|is|has|can|to|or|and|for|with|which|again|first|there|then)$/;

/** What no line begins with, and what none ends with: `k = 3`, `0.11 ± 0.02`, `20 %`. */
const LEANS = /^[=±%]\W*$/, LEADS = /^[=±]$/;

/** The words of a sentence, each command in it one piece, and each figure with its sign. */
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
