/**
 * `deno task docs`: the documents and the reference of the library as one static site.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { claimFolder } from "../../pipeline/contract/files/place.ts";
import { dropQuietly, placeFolder, stageFolder } from "../../pipeline/contract/files/swap.ts";
import { cannotWrite } from "../../pipeline/contract/files/system.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { buildSite } from "./build.ts";

const ROOT = join(import.meta.dirname!, "..", "..");

const where = {
  out: z.string().min(1).default("site").meta({
    title: "DIR",
    description: "folder of the site, which is replaced",
  }),
  overwrite: z.boolean().default(false)
    .meta({ description: "replace a site that was changed since, or another automlp folder" }),
};

const DOCS: CommandSpec = {
  name: "docs",
  summary:
    "Makes a static site of the documents and the reference of the library: HTML files, to be opened or served as they are.",
  instead: "the folder is named with --out",
  options: optionsOf({ "Where it goes": where }),
  examples: ["deno task docs", "deno task docs --out /srv/www/automlp"],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(DOCS, args, async ({ flags, config: file, progress, signal }) => {
    const { out, overwrite } = await commandOptions(z.strictObject(where), file, flags);
    const staged = await stageFolder(claimFolder(out, "site", { what: "the site", overwrite })).catch(
      (error) => {
        throw cannotWrite(out, error);
      },
    );
    try {
      const built = await buildSite(ROOT, staged.path, { progress, signal });
      staged.record.enterAll();
      const kept = await placeFolder(staged);
      if (kept) progress.warn(kept);
      return {
        text: `${built.pages} pages and the library's reference: ${join(out, "index.html")}`,
        json: { out, ...built },
      };
    } catch (error) {
      dropQuietly(staged);
      throw cannotWrite(out, error);
    }
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
