/**
 * `deno task notebook`: JupyterLab with this repository's kernel.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../../pipeline/contract/machine/cache_folder.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { visible } from "../../pipeline/display/text/visible.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { fillFromSchema } from "../../pipeline/terminal/schema_options.ts";
import { engineFirst } from "../../model/backend/engine_first.ts";
import { findJupyter, makeJupyter } from "../kernel/jupyter.ts";
import { installSpec, KERNEL_NAME, kernelSpec, prefixFolder, ROOT } from "../kernel/install.ts";
import { runServer } from "../kernel/server.ts";

const notebookSchema = z.strictObject({
  port: z.int().min(1).max(65535).optional(),
  noBrowser: z.boolean().default(false),
  python: z.string().optional(),
});

const NOTEBOOK: CommandSpec = {
  name: "notebook",
  summary: 'Opens JupyterLab with the kernel AutoMLP (Deno), in which notebooks import from "automlp".',
  positional: "[FOLDER | NOTEBOOK]",
  files: true,
  options: fillFromSchema(notebookSchema.shape, {
    JupyterLab: {
      python: {
        kind: "text",
        value: "PROGRAM",
        help: "a Python that has JupyterLab",
        fallback: "the installed JupyterLab, otherwise one in the cache, from PyPI",
      },
      port: {
        kind: "number",
        value: "N",
        help: "port that the server listens on",
        fallback: "8888, or the next that is free",
      },
      noBrowser: { kind: "flag", help: "print the address and open no browser" },
    },
  }),
  glossary: {
    "What is opened": {
      "nothing named": "the notebooks of a clone, the first of them open; without a clone the current folder",
      "FOLDER": 'that folder; its notebooks can import from "automlp" as well',
      "NOTEBOOK": "that notebook, in its folder",
    },
    "How it ends": { "Ctrl-C": "stops JupyterLab and its kernels; or File → Shut Down in the browser" },
  },
  examples: [
    "deno task notebook",
    "deno task notebook ~/analysis",
    "deno task notebook --no-browser --port 8890",
    "deno task notebook --python .venv/bin/python analysis.ipynb",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(NOTEBOOK, args, async ({ flags, positional, config, progress, signal }) => {
    const { port, noBrowser, python } = await commandOptions(notebookSchema, config, flags);
    if (positional.length > 1) {
      throw new InputError("Name one folder or notebook, as in deno task notebook ~/analysis");
    }
    const place = placeOf(positional[0]);
    engineFirst();
    const kernels = prefixFolder(resolve(cacheFolder(), "kernel"));
    await installSpec(kernels, KERNEL_NAME, kernelSpec());
    const jupyter = await findJupyter(python) ?? await makeJupyter(progress, signal);
    let address = "";
    await runServer(jupyter, {
      ...place,
      kernels,
      port,
      browser: !noBrowser,
      signal,
      onAddress: (url) => {
        address = url;
        if (!flags.quiet) {
          console.error(`JupyterLab shows ${visible(place.folder)} at\n  ${url}\nCtrl-C ends it.`);
        }
      },
      onWarning: (line) => progress.warn(line),
    });
    return { text: "JupyterLab has ended.", json: { ...place, address } };
  });
}

/** The folder to show, the notebook to open, and names that readers of notebooks need not care about. */
export function placeOf(path: string | undefined): { folder: string; notebook?: string; hidden?: string[] } {
  const stories = join(ROOT, "notebooks"), notebooks = notebooksIn(stories);
  if (path === undefined && notebooks.length > 0) {
    const hidden = namesIn(stories).filter((name) => !notebooks.includes(name) && name !== WORK);
    return { folder: stories, notebook: notebooks[0], hidden };
  }
  const place = resolve(path ?? ".");
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(place);
  } catch {
    throw new InputError(`Cannot open ${path}: there is no such folder or notebook; name one that is there`);
  }
  if (info.isFile) {
    if (!place.endsWith(".ipynb")) {
      throw new InputError(`Cannot open ${path}: it is no notebook; name a folder or an .ipynb file`);
    }
    return { folder: dirname(place), notebook: basename(place) };
  }
  return { folder: place };
}

/** Where automlp's notebooks write, within their folder. */
const WORK = "work";

const namesIn = (folder: string): string[] => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

/** Names of the notebooks, in order. A package from a registry has none. */
const notebooksIn = (folder: string): string[] => namesIn(folder).filter((name) => name.endsWith(".ipynb"));

if (import.meta.main) Deno.exit(await main(Deno.args));
