/**
 * The help of each command, as it was written down: to make it anew, all that the command's options are made of would have to be loaded.
 * `specs.json` holds what each command says with `--help --json`; a test compares, and writes it with UPDATE_SNAPSHOTS=1.
 *
 * @module
 */
import { asCalled } from "./called.ts";
import { flagValue } from "./flag_value.ts";
import { helpText } from "./help.ts";
import { type CommandSpec, parseCommandLine } from "./options.ts";

/** Descriptions by command, and by command and method where its options are those of a method: `train sasrec`. */
export type KnownSpecs = Record<string, CommandSpec>;

/** The descriptions of all commands. */
export async function knownSpecs(): Promise<KnownSpecs> {
  const { default: specs } = await import("./specs.json", { with: { type: "json" } });
  return specs as KnownSpecs;
}

/** Whether a command line asks for help. */
export const wantsHelp = (args: readonly string[]): boolean =>
  (args.includes("--") ? args.slice(0, args.indexOf("--")) : args)
    .some((arg) => ["--help", "-h", "--help-all"].includes(arg));

/** The option by which a command shows all its options: `--help` leaves some out where there are many. */
export const allHelp = async (name: string): Promise<string> =>
  (await knownSpecs())[name]?.first === undefined ? "--help" : "--help-all";

/**
 * The text that a command answers a command line with; undefined where help is not all that it would say.
 *
 * @param program What the user calls the program; left out: a task of a clone.
 */
export async function helpOf(name: string, args: string[], program?: string): Promise<string | undefined> {
  if (!wantsHelp(args)) return undefined;
  const specs = await knownSpecs(), spec = specs[`${name} ${flagValue(args, "method")}`] ?? specs[name];
  if (!spec) return undefined;
  try {
    const { json, helpAll } = parseCommandLine(args, spec).values;
    return json ? undefined : asCalled(helpText(spec, helpAll === true), program);
  } catch {
    return undefined; // something else is wrong with the command line: the command says what
  }
}
