/**
 * The stored help of each command: making it anew would require loading every module that the command's options depend on.
 * `specs.json` holds the output of each command's `--help --json`; a test compares it, and writes it with UPDATE_SNAPSHOTS=1.
 *
 * @module
 */
import { asCalled } from "./called.ts";
import { flagValue } from "./flag_value.ts";
import { helpText } from "./help.ts";
import { type CommandSpec, parseCommandLine } from "./options.ts";

/** Descriptions by command, or by command and method if the options depend on the method: `train sasrec`. */
export type KnownSpecs = Record<string, CommandSpec>;

/** Loads the descriptions of all commands. */
export async function knownSpecs(): Promise<KnownSpecs> {
  const { default: specs } = await import("./specs.json", { with: { type: "json" } });
  return specs as KnownSpecs;
}

/** Whether a command line asks for help. */
export const wantsHelp = (args: readonly string[]): boolean =>
  (args.includes("--") ? args.slice(0, args.indexOf("--")) : args)
    .some((arg) => ["--help", "-h", "--help-all"].includes(arg));

/** Returns the option that shows all options of a command: `--help` omits some if there are many. */
export const allHelp = async (name: string): Promise<string> =>
  (await knownSpecs())[name]?.first === undefined ? "--help" : "--help-all";

/**
 * Returns the help that a command line asks for; undefined if the command would print anything else.
 *
 * @param program Name by which the user calls the program. Default: a task of a clone.
 */
export async function helpOf(name: string, args: string[], program?: string): Promise<string | undefined> {
  if (!wantsHelp(args)) return undefined;
  const specs = await knownSpecs(), spec = specs[`${name} ${flagValue(args, "method")}`] ?? specs[name];
  if (!spec) return undefined;
  try {
    const { json, helpAll } = parseCommandLine(args, spec).values;
    return json ? undefined : asCalled(helpText(spec, helpAll === true), program);
  } catch {
    return undefined; // something else is wrong with the command line, and the command reports it
  }
}
