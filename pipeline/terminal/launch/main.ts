/**
 * What the tasks of `deno.json` run: `main.ts prepare --out data/mine` starts the command with its permissions.
 *
 * @module
 */
import { helpOf } from "../known_help.ts";
import { COMMANDS } from "./commands.ts";

async function main([name = "", ...args]: string[]): Promise<number> {
  if (!Object.hasOwn(COMMANDS, name)) {
    console.error(
      `error: Cannot launch "${name}": the commands are ${Object.keys(COMMANDS).join(", ")}`,
    );
    return 2;
  }
  const help = await helpOf(name, args);
  if (help !== undefined) {
    console.log(help);
    return 0;
  }
  const { launch } = await import("./launch.ts"); // not for help, which is there at once
  return await launch(name, args);
}

Deno.exit(await main(Deno.args));
