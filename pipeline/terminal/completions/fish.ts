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
  const { words, orFolder } = follows, all = orFolder ? [...words, "(__fish_complete_directories)"] : words;
  return ` -x -a ${quoted(all.join(" "))}`;
}

/** What the words beside options may be. */
const offered = (words: "folders" | readonly string[]): string =>
  words === "folders" ? '"(__fish_complete_directories)"' : quoted(words.join(" "));

/** The script; to be read by `source`, or as a file in fish's folder `completions`. */
export function fishScript(program: string, commands: Completable[]): string {
  const option = (name: string, { word, about, follows }: Flag) =>
    `complete -c ${program} -n "__fish_seen_subcommand_from ${name}" -l ${word.slice(2)}${
      argument(follows)
    } -d ${quoted(about)}`;
  const names = [...commands.map(({ name }) => name), "help", "completions"].join(" ");
  const command = (name: string, about: string) =>
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`;
  return [
    `# ${program} completions fish`,
    `complete -c ${program} -f`,
    ...commands.map(({ name, about }) => command(name, about)),
    command("help", "the options of a command"),
    command("completions", "what completes command lines in a shell"),
    `complete -c ${program} -n "__fish_seen_subcommand_from help" -a ${quoted(names)}`,
    `complete -c ${program} -n "__fish_seen_subcommand_from completions" -a 'bash zsh fish'`,
    ...commands.flatMap(({ name, flags, words }) => [
      ...(words === "none"
        ? []
        : [`complete -c ${program} -n "__fish_seen_subcommand_from ${name}" -a ${offered(words)}`]),
      ...flags.map((flag) => option(name, flag)),
    ]),
  ].join("\n");
}
