/**
 * JSON files and JSON lines files, checked as they are read and written so that a kill at any moment spoils nothing.
 *
 * @module
 */
import { dirname } from "node:path";
import type { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { cannotWrite, firstLine, replaceFile, writeAll } from "./atomic.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const NEWLINE = 10;

/** Writes a value as an indented JSON file, whole or not at all. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeText(path, JSON.stringify(value, null, 2) + "\n");

/** Writes a text file, whole or not at all. */
export const writeText = (path: string, text: string): Promise<void> =>
  replaceFile(path, (file) => writeAll(file, encode(text)));

/**
 * Reads a JSON file.
 *
 * @returns undefined where there is no such file.
 * @throws {InputError} where it cannot be read, is not JSON, or does not fit the schema.
 */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  const text = readText(path);
  return text === undefined ? undefined : parse(text, schema, path);
}

/** Writes a value a line, whole or not at all. */
export const writeLines = (path: string, values: readonly unknown[]): Promise<void> =>
  writeText(path, values.map((value) => JSON.stringify(value) + "\n").join(""));

/** Adds a line. Where a kill cut the line before, that goes first. */
export async function appendLine(path: string, value: unknown): Promise<void> {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    using file = Deno.openSync(path, { read: true, write: true, create: true });
    const end = endOfLines(file, path);
    file.truncateSync(end);
    file.seekSync(end, Deno.SeekMode.Start);
    await writeAll(file, encode(JSON.stringify(value) + "\n"));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** How many bytes the whole lines of a file take. */
function endOfLines(file: Deno.FsFile, path: string): number {
  const { size } = file.statSync(), last = new Uint8Array(1);
  if (size === 0) return 0;
  file.seekSync(size - 1, Deno.SeekMode.Start);
  file.readSync(last);
  return last[0] === NEWLINE ? size : Deno.readFileSync(path).lastIndexOf(NEWLINE) + 1;
}

/**
 * Reads a JSON lines file. A last line without its end was cut by a kill, and is left out.
 *
 * @returns Nothing where there is no such file.
 * @throws {InputError} where it cannot be read, or a line is not JSON or does not fit the schema.
 */
export function readLines<T>(path: string, schema: z.ZodType<T>): T[] {
  const lines = (readText(path) ?? "").split("\n").slice(0, -1);
  return lines.map((line, i) => parse(line, schema, path, `line ${i + 1}: `));
}

/** The text of a file, or undefined where there is none. */
function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new InputError(`Cannot read ${path}: ${firstLine(error)}`);
  }
}

function parse<T>(text: string, schema: z.ZodType<T>, path: string, place = ""): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Cannot read ${path}: ${place}it is not valid JSON (${firstLine(error)})`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `Cannot read ${path}: ${place}it is damaged (${issue.path.join(".") || "top level"}: ${issue.message})`,
  );
}
