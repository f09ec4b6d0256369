/**
 * Configuration files and their check.
 *
 * @module
 */
import { parse } from "yaml";
import { z } from "zod";
import { didYouMean, InputError } from "../contract/errors.ts";

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
 * @param where What the values come from, for messages, as in "run.yaml" or "the options".
 * @throws {InputError} for the first key that is unknown (naming the nearest) or value that does not fit.
 */
export function checkConfig<S extends z.ZodObject>(schema: S, values: unknown, where: string): z.output<S> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys, path = issue.path.join(".");
    const known = path === "" ? Object.keys(schema.shape) : [];
    throw new InputError(`Unknown key "${path ? path + "." : ""}${key}" in ${where}${didYouMean(key, known)}`);
  }
  throw new InputError(`Cannot use ${where}: ${issue.path.join(".") || "value"}: ${issue.message}`);
}
