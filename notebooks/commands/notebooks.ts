/**
 * `deno task notebooks`: runs the repository's notebooks again and writes them with their new outputs.
 *
 * @module
 */
import { z } from "zod";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { fillFromSchema } from "../../pipeline/terminal/schema_options.ts";
import { executeNotebooks, ownNotebooks } from "../execute.ts";

const notebooksSchema = z.strictObject({
  python: z.string().optional(),
  out: z.string().optional(),
  folder: z.string().optional(),
  twice: z.boolean().default(false),
});

const NOTEBOOKS: CommandSpec = {
  name: "notebooks",
  positional: "[NOTEBOOK …]",
  summary:
    "Runs notebooks from top to bottom on the real kernel, without a browser; without names, those of the repository.",
  options: fillFromSchema(notebooksSchema.shape, {
    Run: {
      python: {
        kind: "text",
        value: "PATH",
        help: "a Python with nbclient",
        fallback: "that of AUTOMLP_PYTHON, or python3",
      },
      out: {
        kind: "text",
        value: "DIR",
        help: "folder to write the notebooks to, instead of in their place",
      },
      folder: {
        kind: "text",
        value: "DIR",
        help: "working folder of the notebooks",
        fallback: "each notebook's own",
      },
      twice: {
        kind: "flag",
        help:
          "run each cell that takes under half a minute a second time before the next: it must do no harm",
      },
    },
  }),
  examples: [
    "deno task notebooks",
    "deno task notebooks notebooks/02_search.ipynb --out executed",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(NOTEBOOKS, args, async ({ flags, positional, config }) => {
    const { python, ...options } = await commandOptions(notebooksSchema, config, flags);
    const notebooks = positional.length > 0 ? positional : ownNotebooks();
    await executeNotebooks(notebooks, {
      ...options,
      python: python ?? (Deno.env.get("AUTOMLP_PYTHON") || "python3"),
    });
    return { text: `Ran ${notebooks.length} notebooks`, json: { notebooks } };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
