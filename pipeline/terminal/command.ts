/**
 * The frame of every command: help, interruption, errors as one line, exit codes.
 *
 * @module
 */
import { speakAsCommand } from "../display/text/option_names.ts";
import { deniedLine, notFetchedLine, WritingFailed } from "../contract/errors/system.ts";
import { AutoMLPError, EXIT, InputError, Interrupted, RunError, shownMessage } from "../contract/errors.ts";
import { type Progress, silent } from "../contract/progress.ts";
import { type TerminalProgress, terminalProgress, type TextStream } from "../display/progress.ts";
import { fitTables } from "../display/table/room.ts";
import { consoleColumns, forStream } from "../display/text/wrap.ts";
import { withoutSecrets } from "../display/text/secrets.ts";
import { visible, visibleLines } from "../display/text/visible.ts";
import { asCalled } from "./called.ts";
import { EngineFirst } from "./engine_first.ts";
import { helpText } from "./help.ts";
import { again, allOptions, type CommandSpec, type OptionGroups, parseCommandLine } from "./options.ts";
import { complain, say } from "./program.ts";
import { quotedWord } from "./quoted.ts";
import { StopListener, Stopped } from "./signals.ts";

/** What a command's work receives. */
export interface CommandContext {
  /** The options given as flags, by key, without those that every command has. */
  flags: Record<string, unknown>;
  positional: string[];
  /** Path of the configuration file, if one is given. */
  config?: string;
  /** Whether the result is printed as JSON; see {@link CommandResult}. */
  json: boolean;
  /** The command line for records: as typed, quoted for a shell, but without secrets in addresses. */
  command: string;
  progress: Progress;
  /** Prints a result before the work is done, for work that ends only when it is stopped. */
  say(result: CommandResult): void;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP, with {@link Stopped} as its reason. */
  signal: AbortSignal;
}

/** The output of a command when it is done: text for people, one JSON object for programs. */
export interface CommandResult {
  /** A function receives the warnings that the work gave, so that they need not be repeated. */
  text: string | ((warned: readonly string[]) => string);
  json: object;
  /** Whether the text is what was asked for, such as lists or figures, and no summary of work: `--quiet` prints it, too. */
  isAnswer?: boolean;
  /** Warnings in the text that the work did not give, because they were known before. */
  warnings?: readonly string[];
  /** The part of the work that failed: reported as an error after the result, because scripts must know of it. */
  failure?: string;
}

/**
 * Runs a command and returns its exit code: 0 done, 1 failed, 2 wrong use or bad input; 130, 143 or 129 stopped by Ctrl-C,
 * SIGTERM or SIGHUP. If part of the work failed, the result of the rest is printed before the error. `--help --json` prints the
 * description of the command. Results go to stdout, progress and errors to stderr; the object printed with `--json` has the
 * warnings that a terminal shows in `warnings`, each once. An error is one line (`AUTOMLP_DEBUG=1` adds its stack).
 *
 * @param described The command's description, or a function that makes it if that requires reading files: errors there are the command's.
 */
export async function runCommand(
  described: CommandSpec | (() => Promise<CommandSpec>),
  args: string[],
  work: (context: CommandContext) => Promise<CommandResult>,
): Promise<number> {
  speakAsCommand();
  let terminal: TerminalProgress | undefined, stop: StopListener | undefined;
  let next: () => string = () => "", options: OptionGroups = {};
  try {
    const spec = typeof described === "function" ? await described() : described;
    const { values, positional } = parseCommandLine(args, spec);
    const { help, helpAll, quiet, json, config, ...flags } = values;
    options = spec.options;
    next = () => nextAfterStop(spec, flags, config as string | undefined, positional);
    if (help || helpAll) {
      const text = () => forStream(asCalled(helpText(spec, helpAll === true)), Deno.stdout);
      say(json ? JSON.stringify(spec) : text());
      return EXIT.done;
    }
    refuseWords(spec, positional);
    if (!json && Deno.stdout.isTerminal()) fitTables(consoleColumns);
    stop = new StopListener();
    terminal = progressFor(quiet === true, json === true);
    const { signal } = stop, shown = terminal, warned: string[] = [];
    const tell = (result: CommandResult) => {
      // A result printed before the work is done includes the warnings until then.
      if (json) say(jsonOf(result, warned.splice(0)));
      else if (!quiet || result.isAnswer) say(forStdout(textOf(result, warned)));
    };
    signal.addEventListener("abort", () => shown.stop());
    const result = await work({
      flags,
      positional,
      config: config as string | undefined,
      json: json === true,
      command: asCalled(commandLine(spec.name, args)),
      progress: progressOf(terminal, warned),
      say: tell,
      signal,
    });
    terminal.close();
    tell(result);
    if (result.failure !== undefined) throw new RunError(result.failure);
    return EXIT.done;
  } catch (error) {
    terminal?.close(); // An unfinished bar must not precede the message.
    if (error instanceof EngineFirst) return error.exitCode;
    return reportError(unwritten(stoppedBy(stop, error, next), next, options));
  } finally {
    stop?.[Symbol.dispose]();
    fitTables(undefined);
  }
}

/** The typed command line, with words quoted where a shell would split them, so that it can be repeated. */
const commandLine = (name: string, args: readonly string[]): string =>
  ["deno task", name, ...args.map((arg) => quotedWord(withoutSecrets(arg)))].join(" ");

/** @throws {InputError} if words are given to a command that takes none. */
function refuseWords({ name, positional, instead }: CommandSpec, [word]: readonly string[]): void {
  if (positional !== undefined || word === undefined) return;
  throw new InputError(`Unexpected "${word}": ${instead ? `${instead}; ` : ""}see deno task ${name} --help`);
}

/** Passes on the work's progress, with warnings in the user's terms and without secrets; these are also collected. */
const progressOf = (terminal: Progress, warned: string[]): Progress => ({
  start: (...work) => terminal.start(...work),
  warn(message) {
    const said = withoutSecrets(asCalled(message));
    warned.push(said);
    terminal.warn(said);
  },
  remark: (message) => terminal.remark?.(withoutSecrets(asCalled(message))),
});

/** Formats a result for programs, with all warnings. */
function jsonOf({ json, warnings = [] }: CommandResult, warned: readonly string[]): string {
  const all = new Set([...warned, ...warnings.map((warning) => asCalled(warning))]);
  return JSON.stringify({ ...json, warnings: [...all] }).replace(STEERING, escaped);
}

/** Control characters that JSON may contain unescaped, but that control a terminal; programs read their escapes as the same characters. */
const STEERING = /[\x7f-\x9f]/g;
const escaped = (char: string) => `\\u00${char.charCodeAt(0).toString(16)}`;

/** Returns the error that ended the work; for an interruption, with the signal and how to continue. */
function stoppedBy(stop: StopListener | undefined, error: unknown, next: () => string): unknown {
  if (!stop?.by || !(error instanceof Interrupted)) return error;
  const doing = error instanceof Stopped ? "Stopped" : error.message;
  return new Stopped(stop.by, `${doing}; to continue${next()}`);
}

/** The options that define where a command writes. */
const PLACES = ["out", "html", "prefix"];

/** For a failed write, adds how to continue if the computed results are kept, otherwise which option names another place. */
function unwritten(error: unknown, next: () => string, options: OptionGroups): unknown {
  if (!(error instanceof WritingFailed)) return error;
  if (error.goesOn !== undefined) {
    return new InputError(`${error.problem}; ${error.remedy}; to continue${next()}`);
  }
  const known = allOptions(options), place = PLACES.find((key) => known[key]);
  return place === "out" ? error : new InputError(
    `${error.problem}; ${error.remedy}${place ? ` or choose another place with --${place}` : ""}`,
  );
}

/** Returns the command that continues a stopped one. */
function nextAfterStop(
  spec: CommandSpec,
  flags: Record<string, unknown>,
  config: string | undefined,
  words: readonly string[],
): string {
  const command = spec.resumedBy?.(flags, config, words);
  return command ? `: ${command}` : again(spec);
}

const textOf = ({ text }: CommandResult, warned: readonly string[]): string =>
  typeof text === "string" ? text : text(warned);

/** Prepares text for stdout: in a file or pipe it may be data, which are left unchanged. */
const forStdout = (text: string) =>
  Deno.stdout.isTerminal() ? forStream(visibleLines(text), Deno.stdout) : text;

const progressFor = (quiet: boolean, json: boolean): TerminalProgress => {
  if (quiet) return quietProgress;
  if (json) return logProgress;
  return terminalProgress(Deno.env.get("TERM") === "dumb" ? plainLines : Deno.stderr);
};

/** A terminal that does not support escape codes, as in some editors: output is written as to a log. */
const plainLines: TextStream = {
  writeSync: (bytes) => Deno.stderr.writeSync(bytes),
  isTerminal: () => false,
};

const quietProgress: TerminalProgress = { ...silent, stop() {}, close() {}, [Symbol.dispose]() {} };
/** With `--json` a program reads stdout, and stderr goes to a log: it gets only warnings. */
const logProgress: TerminalProgress = {
  ...quietProgress,
  warn: (message) => complain(`warning: ${visible(message)}`),
};

function reportError(error: unknown): number {
  const known = inWords(error);
  complain(`error: ${known instanceof AutoMLPError ? asCalled(shownMessage(known)) : bugLine(error)}`);
  if (Deno.env.get("AUTOMLP_DEBUG")) complain(visibleLines(Deno.inspect(error)));
  return known instanceof AutoMLPError ? known.exitCode : new RunError().exitCode;
}

/** Turns Deno's errors about permissions and packages into ours; returns any other error unchanged. */
function inWords(error: unknown): unknown {
  const denied = deniedLine(error), notFetched = notFetchedLine(error);
  if (denied !== undefined) return new InputError(denied);
  return notFetched === undefined ? error : new RunError(notFetched);
}

function bugLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${
    visible(message.split("\n")[0])
  }; this is a bug in automlp; please report it, with AUTOMLP_DEBUG=1's output`;
}
