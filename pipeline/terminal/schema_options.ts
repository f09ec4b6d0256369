/**
 * Options that a schema describes.
 *
 * @module
 */
import type { z } from "zod";
import { toFlag } from "../display/text/to_key.ts";
import type { Option, OptionGroups } from "./options.ts";

/** Removes the wrappers around a value's schema: defaults, optional values, transformations. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType, in: input } = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = innerType ?? input;
  return inner ? unwrapped(inner) : schema;
}

function defaultOf(schema: z.ZodType): unknown {
  const { innerType, defaultValue } = schema.def as { innerType?: z.ZodType; defaultValue?: unknown };
  return defaultValue ?? (innerType && defaultOf(innerType));
}

const KINDS: Partial<Record<string, Option["kind"]>> = { boolean: "flag", number: "number", array: "list" };

function kindOf(inner: z.ZodType): Option["kind"] {
  const { type, options = [], values = [] } = inner.def as {
    type: string;
    options?: z.ZodType[];
    values?: unknown[];
  };
  if (values.length > 0 && values.every((value) => typeof value === "number")) return "number";
  return KINDS[options.some(({ def }) => def.type === "array") ? "array" : type] ?? "text";
}

/** Returns the words allowed for a value, or for each value of a list. */
function choicesOf(inner: z.ZodType): readonly string[] | undefined {
  const { type, element, entries } = inner.def as {
    type: string;
    element?: z.ZodType;
    entries?: Record<string, string>;
  };
  return type === "array" ? choicesOf(element!) : entries && Object.values(entries);
}

/**
 * Makes the option for an entry of a schema. Kind, choices and default follow from the schema. Its `.meta()` has the help
 * (`description`), the name of the value (`title`), whether commas belong to a list's values (`whole`), hints for
 * words that are not allowed (`hints`), the keys of its pairs (`keys`), and a `fallback` if the schema has no default.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * import { optionOf } from "./schema_options.ts";
 * import assert from "node:assert/strict";
 *
 * const minutes = z.number().default(3).meta({ title: "N", description: "how long the tea draws" });
 * assert.deepEqual(optionOf(minutes), { kind: "number", help: "how long the tea draws", value: "N", fallback: "3" });
 * ```
 */
export function optionOf(schema: z.ZodType): Option {
  const inner = unwrapped(schema), kind = kindOf(inner), choices = choicesOf(inner);
  const standard = kind === "flag" ? undefined : defaultOf(schema);
  const {
    description = "",
    title,
    whole,
    hints,
    keys,
    yaml,
    fallback = standard === undefined ? undefined : [standard].flat().join(),
  } = (schema.meta() ?? {}) as {
    description?: string;
    title?: string;
    whole?: boolean;
    hints?: Option["hints"];
    keys?: Option["keys"];
    yaml?: boolean;
    fallback?: string;
  };
  return {
    kind,
    help: description,
    ...(title !== undefined && { value: title }),
    ...(choices && { choices }),
    ...(hints && { hints }),
    ...(keys && { keys }),
    ...(whole && { whole }),
    ...(yaml && { yaml }),
    ...(fallback !== undefined && { fallback }),
  };
}

/** The name of an option in messages: its flag, or its key where it has none. */
export const optionName = (key: string, shape: Record<string, z.ZodType>): string =>
  shape[key]?.meta()?.yaml ? key : `--${toFlag(key)}`;

/** Makes the options that schemas describe, in groups; see {@link optionOf}. */
export const optionsOf = (groups: Record<string, Record<string, z.ZodType>>): OptionGroups =>
  Object.fromEntries(
    Object.entries(groups).map(([title, shape]) => [
      title,
      Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, optionOf(schema)])),
    ]),
  );

/** Fills in choices and defaults from the options' schema, so that help and checks always agree. */
export function fillFromSchema(shape: Record<string, z.ZodType>, groups: OptionGroups): OptionGroups {
  const fill = ([key, option]: [string, Option]): [string, Option] => {
    if (!shape[key]) return [key, option];
    const { choices, fallback } = optionOf(shape[key]);
    return [key, { ...(choices && { choices }), ...(fallback !== undefined && { fallback }), ...option }];
  };
  const fillGroup = (group: OptionGroups[string]) => Object.fromEntries(Object.entries(group).map(fill));
  return Object.fromEntries(Object.entries(groups).map(([title, group]) => [title, fillGroup(group)]));
}
