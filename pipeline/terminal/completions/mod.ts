/**
 * What completes the program's command lines in a shell, made of the same descriptions as help.
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
 * The script for a shell.
 *
 * @param program What it is called, as in `automlp`.
 * @param about The commands, and what each does in a few words.
 */
export const completionScript = (
  shell: keyof typeof SCRIPTS,
  program: string,
  about: Record<string, string>,
  specs: KnownSpecs,
): string => SCRIPTS[shell](program, completable(about, specs));
