/**
 * Completion for bash, from 3.2 on, which macOS has.
 *
 * @module
 */
import type { Completable, Follows } from "./completable.ts";

/** Makes bash offer those of the words that match. */
const offer = (words: readonly string[]): string => `_offer -W $'${words.join("\\n")}'`;

/** Returns the code for what bash offers after an option or a command. */
function offered(follows: Follows): string {
  if (follows === "folder") return "_offer -d";
  if (follows === "file") return "_offer -f";
  if (typeof follows === "string") return "COMPREPLY=()";
  const { words, or, isList } = follows;
  return isList
    ? `_list $'${words.join("\\n")}'`
    : offer(words) + (or === undefined ? "" : or === "folder" ? " -d" : " -f");
}

/** Returns the script, to be loaded with `source`. */
export function bashScript(program: string, commands: Completable[]): string {
  const names = [...commands.map(({ name }) => name), "help", "completions"];
  const values = commands.flatMap(({ name, flags }) =>
    flags.filter(({ follows }) => follows !== "nothing")
      .map(({ word, follows }) => `    "${name} ${word}") ${offered(follows)} ;;`)
  );
  const flags = commands.map(({ name, flags }) =>
    `      "${name} "-*) ${offer(flags.map(({ word }) => word))} ;;`
  );
  const words = commands.filter(({ words }) => words !== "nothing")
    .map(({ name, words }) => `      "${name} "*) ${offered(words)} ;;`);
  const script = `# ${program} completions bash
_offer() {
  local IFS=$'\\n'
  [[ \${!#} != -[df] ]] || compopt -o filenames 2> /dev/null
  COMPREPLY=($(compgen -P "$glued" "$@" -- "$current"))
}
_list() {
  local IFS=$'\\n' before=""
  [[ $current != *,* ]] || before="\${current%,*},"
  COMPREPLY=($(compgen -P "$glued$before" -W "$1" -- "\${current##*,}"))
}
_words() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}"
  local glued=""
  COMPREPLY=()
  # bash takes the sign in --data=log.csv for a word of its own, unless COMP_WORDBREAKS is without it.
  if [[ $current == --*=* ]]; then
    before="\${current%%=*}" glued="\${current%%=*}=" current="\${current#*=}"
  elif [[ $current == = ]]; then
    current=""
  elif [[ $before == = ]]; then
    before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  if ((COMP_CWORD == 1)); then
    ${offer([...names, "--help", "--version"])}
    return
  fi
  case "$command $before" in
    "help help") ${offer(names)} ;;
    "completions completions") ${offer(["bash", "zsh", "fish"])} ;;
${values.join("\n")}
    *) case "$command $current" in
${[...flags, ...words].join("\n")}
    esac ;;
  esac
}
complete -F _words ${program}`;
  return script.replace(/_(offer|list|words)\b/g, `_${program}_$1`);
}
