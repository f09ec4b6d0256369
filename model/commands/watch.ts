/**
 * `deno task watch`: a run in progress, live in a browser.
 *
 * @module
 */
import { z } from "zod";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import { whenStopped } from "../../pipeline/contract/when_stopped.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { WATCH_HOST, WATCH_PORT, watchAddress } from "../../pipeline/terminal/launch/watch_place.ts";
import { runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { checkWatchable } from "../watch/place.ts";
import { settled } from "../watch/read.ts";
import { serveRun } from "../watch/server.ts";

const where = {
  port: z.int().min(0).max(65_535).default(WATCH_PORT).meta({
    title: "N",
    description: "port of the page; 0: any free port",
  }),
  host: z.string().min(1).default(WATCH_HOST).meta({
    title: "NAME",
    description: "address to serve the page on; others who can reach it see the run",
  }),
};

const WATCH: CommandSpec = {
  name: "watch",
  summary:
    "Shows a run live in a browser, from its folder: phase, epoch, loss, metric, α, evidence, curves. It only reads, and ends with Ctrl-C.",
  positional: "RUN",
  options: optionsOf({ "Where the page is": where }),
  examples: ["deno task watch runs/mine", "deno task watch runs/mine --port 0"],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(WATCH, args, async ({ flags, positional, config, progress, say, signal }) => {
    const place = await commandOptions(z.strictObject(where), config, flags);
    const folder = runFolder(positional, "deno task watch runs/mine");
    if (watchAddress(place.host) === undefined) {
      throw new InputError(
        `Cannot serve a page on "${place.host}": give an address or a name of this machine with --host`,
      );
    }
    if (!await settled(() => checkWatchable(folder))) {
      progress.warn(`Nothing is in ${folder} yet: the page shows a run as soon as one begins there`);
    }
    const server = serveRun(folder, place);
    say({
      text: `Watching ${folder} at ${server.url} (Ctrl-C ends it)`,
      json: { run: folder, url: server.url },
    });
    await stopped(signal);
    await server.close();
    throw new Interrupted(`Stopped watching ${folder}, which is left as it is`, { cause: signal.reason });
  });
}

/** Resolves when the user stops the command. */
const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => void whenStopped(signal, resolve));

if (import.meta.main) Deno.exit(await main(Deno.args));
