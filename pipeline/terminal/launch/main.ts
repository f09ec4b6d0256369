/**
 * What the tasks of `deno.json` run: `main.ts prepare --out data/mine` starts the command with its permissions.
 *
 * @module
 */
import { COMMANDS } from "./commands.ts";
import { launch } from "./launch.ts";

const [name, ...args] = Deno.args;
if (Object.hasOwn(COMMANDS, name ?? "")) Deno.exit(await launch(name, args));
console.error(`error: Cannot launch "${name ?? ""}": the commands are ${Object.keys(COMMANDS).join(", ")}`);
Deno.exit(2);
