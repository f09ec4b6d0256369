/**
 * The stored descriptions of all commands: making them would require loading every module that the commands' options depend on.
 * `specs.json` holds the output of each command's `--help --json`; a test compares it, and writes it with UPDATE_SNAPSHOTS=1.
 *
 * @module
 */
import { type CommandSpec, mergedOptions, parseCommandLine } from "./options.ts";

/** Descriptions by command, or by command and method if the options depend on the method: `train sasrec`. */
export type KnownSpecs = Record<string, CommandSpec>;

/** Loads the descriptions of all commands. */
export async function knownSpecs(): Promise<KnownSpecs> {
  const { default: specs } = await import("./specs.json", { with: { type: "json" } });
  return specs as KnownSpecs;
}

/** A command line as its command reads it. */
export interface CommandLine {
  spec: CommandSpec;
  /** Options by key. */
  values: Record<string, unknown>;
  /** What is given besides options. */
  positional: string[];
}

/** Returns the descriptions of a command: its own, and those by method. */
export const variantsOf = (name: string, specs: KnownSpecs): CommandSpec[] =>
  Object.entries(specs).filter(([key]) => key === name || key.startsWith(`${name} `)).map(([, spec]) => spec);

/**
 * Reads a command line by what is known of the command and of its method. A method that is not named there, but in a configuration file or
 * a run, is for the command to find: until then the options of all methods are allowed.
 *
 * @throws {InputError} as {@link parseCommandLine} does.
 */
export function readCommandLine(name: string, args: string[], specs: KnownSpecs): CommandLine {
  const spec = { ...specs[name], options: { "": mergedOptions(variantsOf(name, specs)) } };
  const read = parseCommandLine(args, spec), own = specs[`${name} ${read.values.method}`];
  return own === undefined ? { ...read, spec: specs[name] } : { ...parseCommandLine(args, own), spec: own };
}

/** Returns the option that shows all options of a command: `--help` omits some if there are many. */
export const allHelp = ({ first }: CommandSpec): string => first === undefined ? "--help" : "--help-all";
