/**
 * What the tasks of `deno.json` run: `main.ts prepare --out data/mine` starts the command with its permissions. With `--make-engine`
 * before the command's name the native engine is made first where it is not there; not for help, nor for what the command refuses.
 * `main.ts help` shows all commands, `main.ts help prepare` all options of one.
 *
 * @module
 */
import { forStream } from "../../display/text/wrap.ts";
import { allHelp, helpOf, knownSpecs } from "../known_help.ts";
import { overview } from "../overview.ts";
import { complain, exitCodeOf, say } from "../program.ts";
import { COMMANDS } from "./commands.ts";

const MAKE_ENGINE = "--make-engine";

async function main(words: string[]): Promise<number> {
  if (words[0] === "help") {
    const [, command] = words;
    if (command !== undefined && !command.startsWith("-")) {
      return await main([command, await allHelp(command)]);
    }
    say(forStream(overview(await knownSpecs()), Deno.stdout));
    return 0;
  }
  const makes = words[0] === MAKE_ENGINE, [name = "", ...args] = makes ? words.slice(1) : words;
  if (!Object.hasOwn(COMMANDS, name)) {
    const { didYouMean } = await import("../../contract/errors.ts");
    const near = didYouMean(name, Object.keys(COMMANDS));
    complain(`error: There is no command "${name}"${near}; see deno task help`);
    return 2;
  }
  const help = await helpOf(name, args);
  if (help !== undefined) {
    say(forStream(help, Deno.stdout));
    return 0;
  }
  // Not for help, which is there at once.
  const [{ engineFirst }, { launch }] = await Promise.all([
    import("./engine_first.ts"),
    import("./launch.ts"),
  ]);
  return (makes ? await engineFirst(name, args) : undefined) ?? await launch(name, args);
}

Deno.exit(await exitCodeOf(() => main(Deno.args)));
