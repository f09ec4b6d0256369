/**
 * `deno task kernel`: makes this repository's kernel known to Jupyter.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { fillFromSchema } from "../../pipeline/terminal/schema_options.ts";
import {
  DISPLAY_NAME,
  installSpec,
  KERNEL_NAME,
  kernelSpec,
  prefixFolder,
  uninstallSpec,
  userFolder,
} from "../kernel/install.ts";

const kernelSchema = z.strictObject({
  name: z.string().default(KERNEL_NAME),
  displayName: z.string().default(DISPLAY_NAME),
  user: z.boolean().default(false),
  prefix: z.string().optional(),
  uninstall: z.boolean().default(false),
});

const KERNEL: CommandSpec = {
  name: "kernel",
  summary: 'Installs a Jupyter kernel with which notebooks in any folder can import from "automlp".',
  instead: "the kernel's name goes with --name",
  options: fillFromSchema(kernelSchema.shape, {
    Kernel: {
      name: { kind: "text", value: "NAME", help: "name by which notebooks ask for the kernel" },
      displayName: { kind: "text", value: "TEXT", help: "name that front ends show" },
      uninstall: { kind: "flag", help: "remove the kernel" },
    },
    Place: {
      user: { kind: "flag", help: "install for this user, in every Jupyter (the default)" },
      prefix: {
        kind: "text",
        value: "DIR",
        help: "install into one Python environment: DIR/share/jupyter/kernels",
      },
    },
  }),
  glossary: {
    "In the kernel": {
      paths: "are relative to the notebook's folder, once automlp is imported",
      "stop button":
        "ends the cell's work; variables stay, and the work can be resumed. To end an endless loop of yours, restart the kernel",
      "Shift+Tab":
        "what the word or the call at the cursor is, with an example; Tab completes imports, options, their values, and members",
    },
  },
  examples: [
    "deno task kernel",
    "deno task kernel --prefix .venv",
    "deno task kernel --uninstall",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(KERNEL, args, async ({ flags, config }) => {
    const { name, displayName, user, prefix, uninstall } = await commandOptions(kernelSchema, config, flags);
    if (user && prefix) throw new InputError("Options --user and --prefix exclude each other: give one");
    const jupyter = prefix ? prefixFolder(prefix) : userFolder();
    const folder = uninstall
      ? uninstallSpec(jupyter, name)
      : await installSpec(jupyter, name, kernelSpec(displayName));
    return {
      text: uninstall
        ? `Uninstalled the kernel ${name} from ${folder}`
        : `Installed the kernel ${name} (${displayName}) in ${folder}`,
      json: { name, folder, installed: !uninstall },
    };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
