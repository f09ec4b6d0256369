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
import { AutoMLPError, shownMessage } from "../../contract/errors/classes.ts";
import { forStream } from "../../display/text/wrap.ts";
import { runDeno } from "../launch/child.ts";
import { packageFolder } from "./package_folder.ts";

async function main(args: string[]): Promise<number> {
  try {
    return await runDeno(async () => {
      const folder = await packageFolder();
      return {
        args: [
          ...["run", "--quiet", "--no-prompt", "--config", join(folder, "deno.json")],
          ...["--permission-set=launch", join(folder, "pipeline", "terminal", "automlp.ts"), ...args],
        ],
      };
    });
  } catch (error) {
    if (!(error instanceof AutoMLPError)) throw error;
    console.error(forStream(`error: ${shownMessage(error)}`, Deno.stderr));
    return error.exitCode;
  }
}

Deno.exit(await main(Deno.args));
