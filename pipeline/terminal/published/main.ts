/**
 * The program as a registry has it: `deno install -g jsr:@automlp/automlp/cli`.
 *
 * A command needs files on the disk that a module from the net has not: the configuration with its permissions, the lock, what a compiler,
 * Jupyter and other processes are given. So the package is laid into the cache, once a version, and the program starts from there as it
 * does in a clone. What is imported here needs no package: whoever installs it fetches some twenty small files.
 *
 * @module
 */
import { join } from "node:path";
import { runDeno } from "../launch/child.ts";
import { exitCodeOf } from "../program.ts";
import { packageFolder } from "./package_folder.ts";

const main = (args: string[]): Promise<number> =>
  runDeno(async () => {
    const folder = await packageFolder();
    return {
      args: [
        ...["run", "--quiet", "--no-prompt", "--config", join(folder, "deno.json")],
        ...["--permission-set=launch", join(folder, "pipeline", "terminal", "automlp.ts"), ...args],
      ],
    };
  });

Deno.exit(await exitCodeOf(() => main(Deno.args)));
