/**
 * JSON files and JSON lines files, as text and as checked values.
 *
 * @module
 */
import type { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine } from "../../pipeline/contract/errors/system.ts";

/** Returns a value as the text of an indented JSON file. */
export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2) + "\n";

/** Returns values as the text of a JSON lines file. */
export const linesText = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value) + "\n").join("");

/**
 * Parses the value of a JSON file.
 *
 * @param path Path of the file, for messages.
 * @throws {InputError} if the text is not JSON, or does not match the schema.
 */
export const parseJson = <T>(text: string, schema: z.ZodType<T>, path: string): T =>
  parse(text, schema, path);

/**
 * Parses the values of a JSON lines file.
 *
 * @param path Path of the file, for messages.
 * @throws {InputError} if a line is not JSON, or does not match the schema.
 */
export function parseLines<T>(text: string, schema: z.ZodType<T>, path: string): T[] {
  const lines = text.replace(/\n$/, "").split("\n").filter((line, i) => i > 0 || line !== "");
  return lines.map((line, i) => parse(line, schema, path, `line ${i + 1}: `));
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
