/**
 * Configuration files and their check.
 *
 * @module
 */
import { z } from "zod";
import { inPlainWords, MISSING, placed } from "../contract/options/plain_words.ts";
import { didYouMean, InputError } from "../contract/errors.ts";
import { regularFile, unreadable } from "../contract/files/readable.ts";
import { NOT_UNICODE, unicodeText } from "../contract/values/unicode_text.ts";
import { atCommas } from "./options.ts";
import { optionName, optionOf } from "./schema_options.ts";

/** Maximum size. All options with explanations take a tenth of it; a longer, crafted file could keep the YAML parser busy for minutes. */
const MAX_BYTES = 1 << 16;

/**
 * Reads a YAML (or JSON) configuration file: one mapping of option names in camel case to values.
 *
 * @throws {InputError} if it cannot be read, is larger than 64 KiB, or is not a mapping.
 */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const refuse = (state: string) => new InputError(`Cannot read the configuration ${path}: ${state}`);
  const { size } = regularFile(path);
  if (size > MAX_BYTES) throw refuse(`it has ${size} bytes, and a configuration at most ${MAX_BYTES}`);
  const text = readText(path, refuse);
  const { parseDocument } = await import("yaml"); // most commands get no file, and loading it takes 30 ms
  let value: unknown;
  try {
    const document = parseDocument(text);
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    value = document.toJS();
  } catch (error) {
    throw refuse(yamlFault(error as Error));
  }
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw refuse('it must be a mapping such as "minUser: 10"');
  }
  return value as Record<string, unknown>;
}

function readText(path: string, refuse: (state: string) => InputError): string {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(path, error) ?? error;
  }
  const text = unicodeText(bytes);
  if (text === undefined) throw refuse(NOT_UNICODE);
  return text;
}

/** Describes what is wrong with the YAML, in one line. */
function yamlFault({ message }: Error): string {
  const known: [RegExp, string][] = [
    [/call stack/, "it is nested too deeply"],
    [/alias count/, "it repeats parts by aliases too often"],
    [/multiple documents/, "it holds several documents (---); keep one"],
  ];
  return known.find(([found]) => found.test(message))?.[1] ?? message.split("\n")[0].replace(/:$/, "");
}

/**
 * Checks values against a schema and fills in defaults.
 *
 * @param file The configuration file that the values come from. Without one they are options, and messages name them as flags.
 * @throws {InputError} for the first key that is unknown (naming the nearest) or value that does not fit.
 */
export function checkConfig<S extends z.ZodObject>(schema: S, values: unknown, file?: string): z.output<S> {
  return check(schema, values, () => file);
}

/**
 * Does the same for options given in a program or a notebook, and names them as in code.
 *
 * @throws {InputError} See {@link checkConfig}.
 */
export const checkOptions = <S extends z.ZodObject>(schema: S, values: unknown): z.output<S> =>
  check(schema, values, () => undefined, (key) => key);

/**
 * @param fileOf Returns the configuration file that a key's value comes from; undefined for an option.
 * @param nameOf Returns the name of an option where it was given.
 */
function check<S extends z.ZodObject>(
  schema: S,
  values: unknown,
  fileOf: (key: string) => string | undefined,
  nameOf: (key: string) => string = (key) => optionName(key, schema.shape as Record<string, z.ZodType>),
): z.output<S> {
  const whatIs = (key: string, name: string, file = fileOf(key)) =>
    file ? `Key "${name}" in ${file}` : `Option ${nameOf(name)}`;
  for (const [key, value] of Object.entries(values ?? {})) {
    const instead = listWish(schema.shape[key], value, fileOf(key) !== undefined);
    if (instead) throw new InputError(`${whatIs(key, key)} does not fit: ${instead}`);
  }
  const result = schema.safeParse(values, { error: inPlainWords });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys, file = fileOf(key);
    throw new InputError(
      `Unknown ${file ? `key "${key.slice(0, 80)}" in ${file}` : `option "${key}"`}${
        didYouMean(key, Object.keys(schema.shape))
      }`,
    );
  }
  const key = String(issue.path[0]), file = fileOf(key), { name, message } = placed(issue);
  const option = schema.shape[key] as z.ZodType | undefined;
  const what = whatIs(key, name);
  throw new InputError(
    message === MISSING
      ? `${what} is missing${wish(nameOf(key), option, file)}`
      : `${what} does not fit: ${message}${file ? nullHint((values as Record<string, unknown>)[key]) : ""}`,
  );
}

/**
 * Says how to write a list that is given as on a command line, `view,buy`: outside it, commas do not separate values.
 *
 * @returns undefined if the value is not one.
 */
function listWish(option: z.ZodType | undefined, value: unknown, isInFile: boolean): string | undefined {
  if (option === undefined || typeof value !== "string" || !value.includes(",")) return undefined;
  const { kind, whole, value: title, keys } = optionOf(option);
  const parts = atCommas(value).map((part) => part.trim());
  // A file may be called so, and the comma may separate values of a feature, as in tags:multi:, or belong to its format.
  const isOne = title === "FILE" || parts.length < 2 || parts.some((part) => /^($|[:%])/.test(part));
  if (kind !== "list" || whole || isOne) return undefined;
  const shown = (text: string) => isInFile && /^[\w=./-]+$/.test(text) ? text : JSON.stringify(text);
  const one = JSON.stringify(value), canBeOne = keys === undefined && option.safeParse([value]).success;
  return `${one} is one value; give a list, as in [${parts.map(shown).join(", ")}]${
    canBeOne ? `, or [${one}] if the comma belongs to the value` : ""
  }`;
}

/** The hint for a list with a word that YAML does not read as text. */
const nullHint = (value: unknown): string =>
  Array.isArray(value) && value.includes(null)
    ? '; YAML reads NULL, null and ~ as nothing: put the word in quotes, as in "NULL"'
    : "";

/** Returns `: give the dataset folder to write, as in --out DIR`, if the option has a description. */
function wish(name: string, option: z.ZodType | undefined, file: string | undefined): string {
  const { description, title = "VALUE" } = option?.meta() ?? {};
  if (!description) return "";
  const isFlag = name.startsWith("--");
  const example = file
    ? `${name.replace(/^--/, "")}: ${title}`
    : isFlag
    ? `${name} ${title}`
    : `${name}: "${title}"`;
  return `: give the ${description.split(";")[0]}, as in ${example}`;
}

/** The input of a command before any of it is checked. */
export interface Given {
  /** Options by key: those of the configuration file, overridden by the flags. */
  values: Record<string, unknown>;
  /** The configuration file, if one is named, and the options in it that a flag overrides. */
  file?: { path: string; overridden: Record<string, unknown> };
  flags: Record<string, unknown>;
}

/**
 * Reads the options of the flags and the configuration file; the file is read once.
 *
 * @throws {InputError} as {@link readConfigFile} does.
 */
export async function givenOptions(path: string | undefined, flags: Record<string, unknown>): Promise<Given> {
  if (path === undefined) return { values: flags, flags };
  const inFile = await readConfigFile(path);
  const overridden = Object.fromEntries(Object.entries(inFile).filter(([key]) => Object.hasOwn(flags, key)));
  return { values: { ...inFile, ...flags }, file: { path, overridden }, flags };
}

/**
 * Returns the options of a command: given ones override `beneath`, which overrides the schema's defaults. Each is parsed once.
 *
 * @throws {InputError} as {@link checkConfig} does; an error in the file is reported there, even if a flag overrides the value.
 */
export function checkGiven<S extends z.ZodObject>(
  schema: S,
  { values, file, flags }: Given,
  beneath: Record<string, unknown> = {},
): z.output<S> {
  if (file) checkOverridden(schema, file);
  const isInFile = (key: string) => Object.hasOwn(values, key) && !Object.hasOwn(flags, key);
  return check(schema, { ...beneath, ...values }, (key) => file && isInFile(key) ? file.path : undefined);
}

/** Checks values in a file that flags override: a mistake there is an error all the same. */
function checkOverridden(schema: z.ZodObject, { path, overridden }: NonNullable<Given["file"]>): void {
  const known = Object.keys(overridden).filter((key) => Object.hasOwn(schema.shape, key));
  check(z.object(Object.fromEntries(known.map((key) => [key, schema.shape[key]]))), overridden, () => path);
}

/**
 * Returns the options of a command: flags override the configuration file, which overrides the schema's defaults.
 *
 * @param file Path of the configuration file, if one is given.
 * @throws {InputError} as {@link givenOptions} and {@link checkGiven} do.
 */
export const commandOptions = async <S extends z.ZodObject>(
  schema: S,
  file: string | undefined,
  flags: Record<string, unknown>,
): Promise<z.output<S>> => checkGiven(schema, await givenOptions(file, flags));
