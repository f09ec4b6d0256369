/**
 * The frame of every command: help, interruption, errors as one line, exit codes.
 *
 * @module
 */
import { AutoMLPError, EXIT, RunError, shownMessage } from "../contract/errors.ts";
import { type Progress, silent } from "../contract/progress.ts";
import { type TerminalProgress, terminalProgress } from "../display/progress.ts";
import { visible, visibleLines } from "../display/visible.ts";
import { type CommandSpec, helpText, parseCommandLine } from "./options.ts";

/** What a command's work receives. */
export interface CommandContext {
  /** The options given as flags, by key. Those that every command has are taken out. */
  flags: Record<string, unknown>;
  positional: string[];
  /** Path of the configuration file, if one is given. */
  config?: string;
  progress: Progress;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** What a command says when it is done: as text for people, as one JSON object for programs. */
export interface CommandResult {
  text: string;
  json: unknown;
}

/**
 * Runs a command and returns its exit code: 0 done, 1 failed, 2 wrong use or bad input, 130 interrupted. Results go to
 * stdout, progress and errors to stderr; an error is one line (`AUTOMLP_DEBUG=1` adds its stack).
 */
export async function runCommand(
  spec: CommandSpec,
  args: string[],
  work: (context: CommandContext) => Promise<CommandResult>,
): Promise<number> {
  const controller = new AbortController();
  const stop = () => {
    // The second Ctrl-C does not wait for the current step.
    if (controller.signal.aborted) Deno.exit(EXIT.interrupted);
    controller.abort();
  };
  let terminal: TerminalProgress | undefined;
  try {
    const { values, positional } = parseCommandLine(args, spec);
    const { help, quiet, json, config, ...flags } = values;
    if (help) {
      console.log(helpText(spec));
      return EXIT.done;
    }
    Deno.addSignalListener("SIGINT", stop);
    const result = await work({
      flags,
      positional,
      config: config as string | undefined,
      progress: terminal = quiet ? quietProgress : json ? logProgress : terminalProgress(),
      signal: controller.signal,
    });
    terminal.close();
    if (json) console.log(JSON.stringify(result.json));
    else if (!quiet) console.log(forStdout(result.text));
    return EXIT.done;
  } catch (error) {
    terminal?.close(); // An unfinished bar must not stand before the message.
    return reportError(error);
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
}

/** What a command found, as text: in a file or pipe it may be data, which stay as they are. */
const forStdout = (text: string) => Deno.stdout.isTerminal() ? visibleLines(text) : text;

const quietProgress: TerminalProgress = { ...silent, close() {} };
/** With `--json` a program reads stdout and a log gets stderr: warnings only. */
const logProgress: TerminalProgress = {
  ...quietProgress,
  warn: (message) => console.error(`warning: ${visible(message)}`),
};

function reportError(error: unknown): number {
  if (error instanceof AutoMLPError) {
    console.error(`error: ${shownMessage(error)}`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    console.error(
      `error: ${
        visible(message.split("\n")[0])
      }; this is a fault of the program: AUTOMLP_DEBUG=1 shows where`,
    );
  }
  if (Deno.env.get("AUTOMLP_DEBUG")) console.error(visibleLines(Deno.inspect(error)));
  return error instanceof AutoMLPError ? error.exitCode : new RunError().exitCode;
}
