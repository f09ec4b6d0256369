/**
 * JSON files and JSON lines files, checked as they are read and written so that a kill at any moment spoils nothing.
 *
 * @module
 */
import type { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine, replaceFile, writeAll } from "./atomic.ts";

const encode = (text: string) => new TextEncoder().encode(text);

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

/**
 * Reads a JSON lines file.
 *
 * @returns Nothing where there is no such file.
 * @throws {InputError} where it cannot be read, or a line is not JSON or does not fit the schema.
 */
export function readLines<T>(path: string, schema: z.ZodType<T>): T[] {
  const lines = (readText(path) ?? "").replace(/\n$/, "").split("\n").filter((line, i) =>
    i > 0 || line !== ""
  );
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
