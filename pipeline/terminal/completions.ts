/** Completion of the program's command lines in a shell, made from the same descriptions as help. */
import { toFlag } from "../display/text/to_key.ts";
import { flagsOf, mergedOptions, type Option } from "./options.ts";
import { type KnownSpecs, variantsOf } from "./specs.ts";

/** The scripts ask the program; where it has nothing to offer, the shell offers files. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_automlp() {
  local IFS=$'\\n'
  COMPREPLY=($(automlp complete "\${COMP_WORDS[@]:1:COMP_CWORD}"))
}
complete -o default -F _automlp automlp`,
  zsh: `#compdef automlp
_automlp() {
  local -a found
  found=("\${(@f)$(automlp complete "\${(@)words[2,CURRENT]}")}")
  if [[ -n $found ]]; then compadd -Q -- $found; else _files; fi
}
compdef _automlp automlp`,
  fish: `complete -c automlp -a '(automlp complete (commandline -opc)[2..] (commandline -ct))'`,
};

/** The shells that `automlp completions` knows. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

/** Returns the completion script for a shell, to be loaded with `source`. */
export const completionScript = (shell: string, program: string): string =>
  SCRIPTS[shell].replaceAll("automlp", program);

/**
 * Returns what may stand for the last of the words, which has been begun.
 *
 * @param about The commands, each with a short description.
 */
export function completionsOf(
  words: readonly string[],
  about: Readonly<Record<string, string>>,
  specs: KnownSpecs,
): string[] {
  const { before, current, glued } = atCursor(words);
  const offered = before.length === 0
    ? [...Object.keys(about), "help", "completions", "--help", "--version"]
    : wordsBehind(before, current, Object.keys(about), specs);
  return offered.filter((word) => word.startsWith(current)).map((word) => glued + word);
}

/** Splits the word at the cursor from what is before it. bash makes the sign in --data=log.csv a word of its own; other shells do not. */
function atCursor(words: readonly string[]): { before: string[]; current: string; glued: string } {
  const [last = "", ...rest] = words.toReversed(), before = rest.toReversed();
  const [, flag, value] = /^(--[^=]+)=(.*)$/.exec(last) ?? [];
  const text = flag === undefined ? last.replace(/^=$/, "") : value, comma = text.lastIndexOf(",") + 1;
  return {
    before: [...before, ...(flag === undefined ? [] : [flag])].filter((word) => word !== "="),
    current: text.slice(comma),
    glued: (flag === undefined ? "" : `${flag}=`) + text.slice(0, comma),
  };
}

function wordsBehind(
  [command, ...more]: string[],
  current: string,
  commands: string[],
  specs: KnownSpecs,
): readonly string[] {
  if (command === "help") return commands;
  if (command === "completions") return SHELLS;
  const options = flagsOf(mergedOptions(variantsOf(command, specs))), flag = more.at(-1);
  const option = options.find(([key]) => `--${toFlag(key)}` === flag);
  if (option && option[1].kind !== "flag") return valuesOf(...option, specs);
  if (current.startsWith("-")) return options.map(([key]) => `--${toFlag(key)}`);
  return specs[command]?.words ?? [];
}

function valuesOf(key: string, { choices = [] }: Option, specs: KnownSpecs): readonly string[] {
  const methods = () => Object.keys(specs).flatMap((key) => /^train (.+)/.exec(key)?.slice(1) ?? []);
  if (key === "method") return methods();
  if (key === "methods") return ["automlp", ...methods()];
  if (key === "dataset") return specs.data.words?.filter((word) => !["list", "get"].includes(word)) ?? [];
  return choices;
}
