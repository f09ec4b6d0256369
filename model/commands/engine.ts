/**
 * `deno task engine`: makes the native engine, once. It never fails a job: without the native engine, another one is
 * used.
 *
 * @module
 */
import { z } from "zod";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { provision, type Provisioned } from "../backend/provision.ts";

const ENGINE: CommandSpec = {
  name: "engine",
  summary:
    "Makes the native tensor engine in the cache: the fastest one on a processor, and what a GPU needs.",
  options: {
    Engine: {
      force: { kind: "flag", help: "make it again, even if it exists or the last attempt failed" },
    },
  },
  examples: ["deno task engine", "AUTOMLP_CACHE=/data/cache deno task engine --force"],
};

const OPTIONS = z.strictObject({ force: z.boolean().default(false) });

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(ENGINE, args, async ({ flags, config, progress, signal }) => {
    const { force } = await commandOptions(OPTIONS, config, flags);
    const result = await provision({ force, progress, signal });
    return { text: asCalled(describe(result)), json: result };
  });
}

function describe(result: Provisioned): string {
  if (!result.ready) {
    return `No native engine: ${result.reason}. The work continues with another; deno task doctor says which.`;
  }
  const { library, path } = result.engine;
  const what = `libtensorflow ${library} with fused operations`;
  return result.already
    ? `The native engine is ready: ${what}`
    : `The native engine is ready after ${result.seconds.toFixed(0)} s: ${what}, in ${path}`;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
