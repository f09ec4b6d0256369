/**
 * Configuration files and their check.
 *
 * @module
 */
import { parse } from "yaml";
import type { z } from "zod";
import { didYouMean, InputError } from "../contract/errors.ts";
import { toFlag } from "./options.ts";

/**
 * Reads a YAML (or JSON) configuration file: one mapping of option names in camel case to values.
 *
 * @throws {InputError} where it cannot be read or is no mapping.
 */
export function readConfigFile(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new InputError(`Cannot read the configuration ${path}: ${(error as Error).message.split("\n")[0]}`);
  }
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new InputError(`Cannot read the configuration ${path}: it must be a mapping such as "minUser: 10"`);
  }
  return value as Record<string, unknown>;
}

/**
 * Checks values against a schema and fills in defaults.
 *
 * @param file The configuration file that the values come from. Without one they are options, and are named as flags.
 * @throws {InputError} for the first key that is unknown (naming the nearest) or value that does not fit.
 */
export function checkConfig<S extends z.ZodObject>(schema: S, values: unknown, file?: string): z.output<S> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    throw new InputError(
      `Unknown ${file ? `key "${key}" in ${file}` : `option "${key}"`}${
        didYouMean(key, Object.keys(schema.shape))
      }`,
    );
  }
  const name = issue.path.join(".");
  throw new InputError(
    `${file ? `Key "${name}" in ${file}` : `Option --${toFlag(name)}`} does not fit: ${issue.message}`,
  );
}

/**
 * The options of a command: flags above the configuration file above `beneath` above the schema's defaults.
 *
 * @param file Path of the configuration file, if one is given.
 * @throws {InputError} as {@link readConfigFile} and {@link checkConfig} do; what is wrong in the file is said to be there.
 */
export function commandOptions<S extends z.ZodObject>(
  schema: S,
  file: string | undefined,
  flags: Record<string, unknown>,
  beneath: Record<string, unknown> = {},
): z.output<S> {
  const values = file === undefined ? {} : readConfigFile(file);
  if (file !== undefined) checkConfig(schema.partial(), values, file);
  return checkConfig(schema, { ...beneath, ...values, ...flags });
}
