/**
 * The program: `automlp prepare --out data/mine`, in any folder. As the tasks of a clone run it, `automlp.ts task prepare …`, its texts say
 * `deno task`. Each command runs in a process of its own, with the permissions that its command line requires.
 *
 * @module
 */
import { COMMANDS } from "./model/commands/mod.ts";
import { didYouMean, EXIT, InputError } from "./pipeline/contract/errors.ts";
import { forStream } from "./pipeline/display/text/wrap.ts";
import { asCalled } from "./pipeline/terminal/called.ts";
import { completionScript, completionsOf, SHELLS } from "./pipeline/terminal/completions.ts";
import { helpText } from "./pipeline/terminal/help.ts";
import { ABOUT, completionsHelp, overview } from "./pipeline/terminal/overview.ts";
import { exitCodeOf, say } from "./pipeline/terminal/program.ts";
import { allHelp, knownSpecs, readCommandLine } from "./pipeline/terminal/specs.ts";

const NAME = "automlp";

/** Prints a text for people. */
function tell(text: string): number {
  say(forStream(text, Deno.stdout));
  return EXIT.done;
}

/** Prints the script with which a shell completes command lines. */
function completions([shell, ...more]: string[]): number {
  if (["--help", "-h"].includes(shell)) return tell(completionsHelp(NAME));
  if (SHELLS.includes(shell) && more.length === 0) return tell(completionScript(shell, NAME));
  throw new InputError(`Which shell? Name one: ${NAME} completions ${SHELLS.join("|")}`);
}

/**
 * Runs a command line, and returns the exit code.
 *
 * @param called Name by which the user calls the program. Default: as tasks of a clone.
 */
async function main([name = "--help", ...args]: string[], called?: string): Promise<number> {
  const specs = await knownSpecs();
  if (name === "--help" || name === "-h" || (name === "help" && args.length === 0)) {
    return tell(overview(specs, called));
  }
  if (name === "--version" || name === "-V") {
    const { VERSION } = await import("./pipeline/contract/version_number.ts");
    return tell(`${NAME} ${VERSION}`);
  }
  if (name === "completions") return completions(args);
  if (name === "complete") return tell(completionsOf(args, ABOUT, specs).join("\n"));
  if (name === "help") {
    const [command] = args, spec = specs[command];
    return await main(command.startsWith("-") ? [] : [command, ...(spec ? [allHelp(spec)] : [])], called);
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    const near = didYouMean(name, [...Object.keys(COMMANDS), "completions", "help"]);
    const help = called === undefined ? "deno task help" : `${called} --help`;
    throw new InputError(`There is no command "${name}"${near}; see ${help}`);
  }
  const line = readCommandLine(name, args, specs), { help, helpAll, json } = line.values;
  if (help || helpAll) {
    if (!json) return tell(asCalled(helpText(line.spec, helpAll === true), called));
    say(JSON.stringify(line.spec));
    return EXIT.done;
  }
  const { launch } = await import("./pipeline/terminal/launch/launch.ts"); // not for help, which is there at once
  return await launch(COMMANDS[name], { args, line, called, engine: COMMANDS.engine });
}

const [first, ...rest] = Deno.args, called = first === "task" ? undefined : NAME;
Deno.exit(await exitCodeOf(() => main(called ? Deno.args : rest, called), called));
