/**
 * Names of options as the reader knows them: messages are written with those of a command line, `--min-user`; in a
 * program or a notebook they become `minUser`.
 *
 * @module
 */
import { withoutSecrets } from "./secrets.ts";
import { toKey } from "./to_key.ts";
import { SENTENCE_WORDS, SWITCHES, valueInCode } from "./option_values.ts";

/** Pairs such as `user=uid,item=sku`. */
const PAIRS = /\w+=[^\s,;]*[^\s,;:)](?:,\w+=[^\s,;]*[^\s,;:)])*/;
/**
 * Anything recognizable as a value by its form: a quoted text, a URL, a path with a slash, a placeholder such as `FILE`, a number with
 * or without a unit; and anything before a colon.
 */
const VALUE =
  /"(?:[^"\\]|\\.)*"|'(?:[^']|'\\'')*'|[\w.-]*\/[\w./-]*\w|[a-z]+:\/\/[^\s,;)]*[^\s,;:.)]|[A-Z]+(?:,[A-Z]+)*(?!\w)|-?\d+(?:\.\d+)?[A-Za-z]*(?:,\d+(?:\.\d+)?)*|[\w.,/-]+(?=: )/;
/** An option of a command line, followed by a value or a word that may be one. */
const OPTION = new RegExp(
  String.raw`(?<![^\s(\`"])--(?!allow-|unstable-)(?<flag>[a-z]+(?:-[a-z]+)*)` +
    `(?: (?:(?<pairs>${PAIRS.source})|(?<value>${VALUE.source})|(?<word>[a-z][a-z0-9-]*)))?`,
  "g",
);
/** A switch that a message tells the reader to give. */
const SWITCH = new RegExp(`\\bwith --(${SWITCHES.join("|")})(?![\\w-])`, "g");
/** A whole command, up to the end of its clause, which is meant for a terminal. Deno's own options have the same names everywhere. */
const COMMAND = /\b(?:deno task|automlp|deno run) (?:(?<= )'(?:[^']|'\\'')*'|[^;)])*/g;

/** Commands that exist as functions of the library. */
const FUNCTIONS: Record<string, string> = { prepare: "prepare", pipeline: "automlp" };

/** How options are named: as on a command line, `--min-user 10`, or as in code, `minUser: 10`. */
export type Speech = "command" | "code";

let speech: Speech = "command", isCommand = false;

/** Names options as in code from now on, unless this process is a command. Called by the library's entry points. */
export function speakInCode(): void {
  if (!isCommand) speech = "code";
}

/** Marks this process as a command from now on, whatever it imports. */
export function speakAsCommand(): void {
  speech = "command";
  isCommand = true;
}

/** Returns how this process names options. */
export const currentSpeech = (): Speech => speech;

/** Prepares a message for its reader: options are named accordingly, and secrets in addresses removed, because logs and records keep it. */
export const spoken = (message: string): string => {
  const said = withoutSecrets(message);
  return speech === "command" ? said : inCode(said);
};

/**
 * Writes a message with the names of options in code: `lower --eval-negatives` becomes `lower evalNegatives`, `--columns user=uid,item=sku`
 * becomes `columns: { user: "uid", item: "sku" }`, `--engine polars` becomes `engine: "polars"`, `deno task prepare --data FILE` becomes
 * `prepare({ data: "FILE" })`, `deno task pipeline runs/a --resume` becomes `automlp({ out: "runs/a", resume: true })`. Other commands stay as they are.
 */
export function inCode(message: string): string {
  let from = 0, text = "";
  for (const { 0: command, index } of message.matchAll(COMMAND)) {
    text += optionsInCode(message.slice(from, index)) + callOf(command);
    from = index + command.length;
  }
  return text + optionsInCode(message.slice(from));
}

const optionsInCode = (text: string): string =>
  text.replace(SWITCH, "with $1: true").replace(OPTION, (...match) => {
    const { flag, pairs, value, word } = match.at(-1) as Record<string, string | undefined>;
    const name = toKey(flag!);
    if (pairs !== undefined) return `${name}: { ${pairs.split(",").map(pairInCode).join(", ")} }`;
    const given = value ?? (SENTENCE_WORDS.includes(word ?? "") ? undefined : word);
    if (given !== undefined) return `${name}: ${valueInCode(name, given)}`;
    const alone = /^no[A-Z]/.test(name) ? `${name[2].toLowerCase()}${name.slice(3)}: false` : name;
    return word === undefined ? alone : `${alone} ${word}`;
  });

function pairInCode(pair: string): string {
  const at = pair.indexOf("=");
  return `${pair.slice(0, at)}: ${JSON.stringify(pair.slice(at + 1))}`;
}

/** A command line that may correspond to a call: its name, the run that it resumes, its options, and the rest. */
const CALLED =
  /^deno task (\w+)(?: ('(?:[^']|'\\'')*'|[^\s'-]\S*))?((?: --[a-z-]+(?: (?:'(?:[^']|'\\'')*'|[^-\s'][^\s,]*))?)+)(.*)$/;

/** Rewrites a command as the equivalent call, if it consists only of a name, a run to resume, and plain options. */
function callOf(command: string): string {
  const [, name = "", run, options, rest] = CALLED.exec(command) ?? [];
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (called === undefined || (run !== undefined && !options.startsWith(" --resume"))) return command;
  const named = run === undefined ? [] : [["", "out", run]];
  const given = [...named, ...options.matchAll(/ --([a-z-]+)(?: ('(?:[^']|'\\'')*'|[^-\s]\S*))?/g)].map((
    [, flag, value],
  ) => `${toKey(flag)}: ${value === undefined ? "true" : valueInCode(toKey(flag), value)}`);
  return `${called}({ ${given.join(", ")} })${rest}`;
}
