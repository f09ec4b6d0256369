/**
 * Completion for fish.
 *
 * @module
 */
import type { Completable, Flag, Follows } from "./completable.ts";

const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;

function argument(follows: Follows): string {
  if (follows === "nothing") return "";
  if (follows === "folder") return ' -x -a "(__fish_complete_directories)"';
  if (follows === "file") return " -r -F";
  if (typeof follows === "string") return " -x";
  const { words, or, isList } = follows;
  if (isList) return ` -x -a ${quoted(`(__fish_complete_list , 'string split " " "${words.join(" ")}"')`)}`;
  const all = or === "folder" ? [...words, "(__fish_complete_directories)"] : words;
  return `${or === "file" ? " -r -F" : " -x"} -a ${quoted(all.join(" "))}`;
}

/** Returns the script, to be loaded with `source` or as a file in fish's folder `completions`. */
export function fishScript(program: string, commands: Completable[]): string {
  const after = (name: string) => `complete -c ${program} -n "__${program}_command '${name}'"`;
  const option = (name: string, { word, about, follows }: Flag) =>
    `${after(name)} -l ${word.slice(2)}${argument(follows)} -d ${quoted(about)}`;
  const names = [...commands.map(({ name }) => name), "help", "completions"].join(" ");
  const command = (name: string, about: string) => `${after("")} -a ${name} -d ${quoted(about)}`;
  return [
    `# ${program} completions fish`,
    // Not whether the name occurs anywhere: a folder may have the name of a command, as "data" often does.
    `function __${program}_command`,
    "    set -l words (commandline -opc)",
    '    test "$words[2]" = "$argv[1]"',
    "end",
    `complete -c ${program} -f`,
    `${after("")} -l help -d ${quoted("all commands")}`,
    `${after("")} -l version -d ${quoted("which this is")}`,
    ...commands.map(({ name, about }) => command(name, about)),
    command("help", "the options of a command"),
    command("completions", "what completes command lines in a shell"),
    `${after("help")} -a ${quoted(names)}`,
    `${after("completions")} -a 'bash zsh fish'`,
    ...commands.flatMap(({ name, flags, words }) => [
      ...(words === "nothing" ? [] : [`${after(name)}${argument(words)}`]),
      ...flags.map((flag) => option(name, flag)),
    ]),
  ].join("\n");
}
