/**
 * Completion of the program's command lines in a shell, made from the same descriptions as help.
 *
 * @module
 */
import type { KnownSpecs } from "../known_help.ts";
import { bashScript } from "./bash.ts";
import { completable } from "./completable.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * Returns the completion script for a shell.
 *
 * @param program Name of the program, such as `automlp`.
 * @param about The commands, each with a short description.
 */
export const completionScript = (
  shell: keyof typeof SCRIPTS,
  program: string,
  about: Record<string, string>,
  specs: KnownSpecs,
): string => SCRIPTS[shell](program, completable(about, specs));
