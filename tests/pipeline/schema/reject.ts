/** A helper for the tests of the schema. */
import assert from "node:assert/strict";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { checkSchema, type SchemaOptions } from "../../../pipeline/schema.ts";
import { rawFrame } from "../frames.ts";

/** Asserts that rows are refused, in one line. */
export const reject = async (
  rows: (string | null)[][],
  message: RegExp,
  options: SchemaOptions = {},
  columns?: string[],
) =>
  await assert.rejects(checkSchema(rawFrame(rows, columns), options), (error: Error) => {
    assert(error instanceof InputError, String(error));
    assert.match(error.message, message);
    assert(!error.message.includes("\n"), "one line");
    return true;
  });
