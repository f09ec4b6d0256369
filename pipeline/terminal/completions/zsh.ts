/**
 * Completion for zsh.
 *
 * @module
 */
import type { Completable, Flag, Follows } from "./completable.ts";

/** Puts text within single quotes and escapes characters that are special to `_arguments` and `_describe`. */
const quoted = (text: string) => text.replace(/[\\[\]:]/g, "\\$&").replaceAll("'", "'\\''");

/** @param name Name of what is offered, such as `methods`. */
function action(follows: Follows, name: string): string {
  if (follows === "folder") return "_files -/";
  if (follows === "file") return "_files";
  if (typeof follows === "string") return " ";
  const words = follows.words.join(" ");
  if (follows.isList) return `_values -s , ${name} ${words}`;
  if (follows.or === undefined) return `(${words})`;
  return `{compadd -- ${words}; _files${follows.or === "folder" ? " -/" : ""}}`;
}

const argument = ({ word, about, follows }: Flag): string =>
  follows === "nothing"
    ? `'${word}[${quoted(about)}]'`
    : `'*${word}=[${quoted(about)}]:${word.slice(2)}:${action(follows, word.slice(2))}'`;

/** Returns the specification of the words besides options. */
const argumentsOf = (words: Follows): string[] =>
  words === "nothing" ? [] : [`'*:word:${action(words, "word")}'`];

/** Returns the script, to be loaded with `source` or as the file `_automlp` in a folder of `fpath`. */
export function zshScript(program: string, commands: Completable[]): string {
  const described = commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`);
  const cases = commands.map(({ name, flags, words }) =>
    `    ${name}) _arguments ${[...flags.map(argument), ...argumentsOf(words)].join(" ")} ;;`
  );
  return `#compdef ${program}
# ${program} completions zsh
_${program}() {
  local -a commands
  commands=(
${described.join("\n")}
    'help:the options of a command'
    'completions:what completes command lines in a shell'
  )
  if ((CURRENT == 2)); then
    if [[ $PREFIX == -* ]]; then
      compadd -- --help --version
    else
      _describe command commands
    fi
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
    help) _describe command commands ;;
    completions) _arguments '1:shell:(bash zsh fish)' ;;
${cases.join("\n")}
  esac
}
compdef _${program} ${program}`;
}
