/**
 * Users, items and histories named on a command line: by id, or in files.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine } from "../../pipeline/contract/errors/system.ts";
import { cannotRead, readBytesSync } from "../../pipeline/contract/files/readable.ts";
import { NOT_UNICODE, unicodeText } from "../../pipeline/contract/values/unicode_text.ts";
import { parse } from "../../pipeline/std/csv.ts";
import type { GivenHistories, OnUnknown } from "./requests.ts";

/** How to read a file of histories. */
export interface HistoriesOptions {
  /** Whether the first cell of a line is the user's name. */
  named: boolean;
  onUnknown: OnUnknown;
}

/**
 * Reads histories of new users from a CSV file without a header, one per line, items oldest first. Without names, an empty line is an empty
 * history; with names, it is ignored. An empty file has no histories.
 *
 * @throws {InputError} if the file cannot be read, names a user twice, or has an item that is not in the dataset, unless such items are
 * skipped.
 */
export function readHistories(
  dataset: SequenceDataset,
  path: string,
  { named, onUnknown }: HistoriesOptions,
): GivenHistories {
  const text = readText(path);
  const rows = text === "" ? [] : cellsOf(path, withEmptyLines(text));
  const lines = rows.map((row, i) => {
    const cells = withoutPadding(row), [name, ...others] = cells;
    return { number: i + 1, name, items: named ? others : cells };
  }).filter(({ name }) => !named || name !== undefined);
  if (onUnknown !== "skip") checkItems(dataset, path, lines, named);
  if (!named) return lines.map(({ items }) => items);
  checkNames(path, lines);
  return new Map(lines.map(({ name, items }) => [name, items]));
}

/** @throws {InputError} if the text is not CSV. */
function cellsOf(path: string, text: string): string[][] {
  try {
    return parse(text);
  } catch (error) {
    throw new InputError(
      `Cannot read ${path} as CSV: ${
        firstLine(error)
      }; put an id that holds a quote in quotes, and double those inside it`,
    );
  }
}

/** A line without the empty cells at its end, with which programs give all lines of a table the same length. */
const withoutPadding = (cells: readonly string[]): string[] =>
  cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);

/** Gives empty lines an empty cell, so that a CSV reader keeps them. Empty lines within quotes belong to a cell. */
function withEmptyLines(text: string): string {
  let quoted = false;
  return text.replace(/\r?\n$/, "").split("\n").map((line) => {
    if (!quoted && (line === "" || line === "\r")) return '""';
    if (line.split('"').length % 2 === 0) quoted = !quoted;
    return line;
  }).join("\n");
}

/** @throws {InputError} for the first unknown item, with its line and the form that a line should have. */
function checkItems(
  dataset: SequenceDataset,
  path: string,
  lines: { number: number; items: string[] }[],
  named: boolean,
): void {
  for (const { number, items } of lines) {
    const wrong = items.find((id) => !dataset.hasItem(id));
    if (wrong === undefined) continue;
    throw new InputError(
      `Cannot find item "${wrong}" of line ${number} of ${path} in the dataset ${dataset.folder}: a line is ${
        named ? "a name, and " : ""
      }the ids of a history's items with commas between, without a header; --named is for lines with a name, --on-unknown skip leaves out others`,
    );
  }
}

/** @throws {InputError} for the first line with the name of an earlier one. */
function checkNames(path: string, lines: { number: number; name: string }[]): void {
  const seen = new Map<string, number>();
  for (const { number, name } of lines) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new InputError(
        `Cannot read ${path}: lines ${earlier} and ${number} both name user ${
          JSON.stringify(name)
        }; write one line for each user`,
      );
    }
    seen.set(name, number);
  }
}

/**
 * Ids from the command line, or from the lines of a file, where one may be in quotes as in a CSV. A word that is an id is never taken for a
 * file, and a line that is an id with its quotes keeps them.
 */
export function idsOf(words: string[] | undefined, isId: (word: string) => boolean): string[] | undefined {
  const file = words?.length === 1 && !isId(words[0]) && existsSync(words[0]) ? words[0] : undefined;
  if (file === undefined) return words;
  return readText(file).split(/\r?\n/).filter((line) => line !== "")
    .map((line) => isId(line) ? line : withoutQuotes(line));
}

/** A field of a CSV without the quotes around it, those inside no longer doubled; any other text as it is. */
const withoutQuotes = (text: string): string => QUOTED.exec(text)?.[1].replaceAll('""', '"') ?? text;

const QUOTED = /^"((?:[^"]|"")+)"$/;

function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readBytesSync(path, MAX_REQUEST_BYTES);
  } catch (error) {
    throw cannotRead(path, error);
  }
  const text = unicodeText(bytes);
  if (text === undefined) throw new InputError(`Cannot read ${path}: ${NOT_UNICODE}`);
  return text;
}

/** Maximum size of a file of users or histories. */
const MAX_REQUEST_BYTES = 1 << 30;
