/**
 * The installed program: `automlp prepare --out data/mine`, in any folder. The same commands as the tasks of a clone, each with its own permissions.
 *
 * @module
 */
import { didYouMean, EXIT } from "../contract/errors.ts";
import { forStream } from "../display/text/wrap.ts";
import { allHelp, helpOf, knownSpecs, wantsHelp } from "./known_help.ts";
import { COMMANDS } from "./launch/commands.ts";
import { ABOUT, completionsHelp, overview, SHELLS } from "./overview.ts";
import { complain, exitCodeOf, say } from "./program.ts";

const NAME = "automlp";

/** Prints what is wrong with the command line; returns the exit code. */
function refused(problem: string): number {
  complain(`error: ${problem}`);
  return EXIT.input;
}

/** Prints the script with which a shell completes command lines. */
async function completions(args: string[]): Promise<number> {
  if (wantsHelp(args)) {
    say(completionsHelp(NAME));
    return EXIT.done;
  }
  const [shell, ...more] = args;
  const known = SHELLS.find((name) => name === shell);
  if (!known || more.length > 0) {
    return refused(`Which shell? Name one: ${NAME} completions ${SHELLS.join("|")}`);
  }
  const { completionScript } = await import("./completions/mod.ts");
  say(completionScript(known, NAME, ABOUT, await knownSpecs()));
  return EXIT.done;
}

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help" && args.length === 0) {
    say(forStream(overview(await knownSpecs(), NAME), Deno.stdout));
    return EXIT.done;
  }
  if (name === "--version" || name === "-V") {
    const { VERSION } = await import("../contract/version_number.ts");
    say(`${NAME} ${VERSION}`);
    return EXIT.done;
  }
  if (name === "help") return await main([args[0], await allHelp(args[0])]);
  if (name === "completions") return await completions(args);
  if (!Object.hasOwn(COMMANDS, name)) {
    return refused(
      `There is no command "${name}"${
        didYouMean(name, [...Object.keys(COMMANDS), "completions", "help"])
      }; see ${NAME} --help`,
    );
  }
  const known = await helpOf(name, args, NAME);
  if (known !== undefined) {
    say(forStream(known, Deno.stdout));
    return EXIT.done;
  }
  // Not imported for help, which is shown at once.
  const [{ engineFirst }, { launch }] = await Promise.all([
    import("./launch/engine_first.ts"),
    import("./launch/launch.ts"),
  ]);
  return await engineFirst(name, args, NAME) ?? await launch(name, args, { called: NAME });
}

Deno.exit(await exitCodeOf(() => main(Deno.args)));
