/**
 * The errors' classes and exit codes, apart from what needs a package: the program as a registry has it writes files before packages are there.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { visible, visibleLines } from "../../display/text/visible.ts";

/**
 * Exit codes of every command: done; failed; wrong use or bad input; stopped with everything saved, by Ctrl-C, by SIGTERM, by a
 * terminal that was closed (SIGHUP).
 *
 * @example
 * ```ts
 * import { EXIT, InputError, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * try {
 *   await prepare({ data: "none.csv", out: "data/none" });
 * } catch (error) {
 *   assert(error instanceof InputError);
 *   assert.equal(error.exitCode, EXIT.input);
 * }
 * ```
 */
export const EXIT = { done: 0, failed: 1, input: 2, interrupted: 130, terminated: 143, hangup: 129 } as const;

let onShown: (() => void) | undefined;
let worded = ({ message }: AutoMLPError): string => message;

/**
 * From now on these errors have their one line for a stack: a notebook shows the stack of what a cell throws.
 *
 * @param shown Called each time an error's stack is read, that is, when it is shown.
 * @param wording What is shown of an error. Default: its message.
 */
export function hideStacks(shown: () => void, wording: (error: AutoMLPError) => string = worded): void {
  onShown = shown;
  worded = wording;
}

/**
 * Base of all errors that are reported to a person as one line, without a stack.
 *
 * @example
 * ```ts
 * import { AutoMLPError, readDataset } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const error = await readDataset("no/such/folder").catch((error) => error);
 * assert(error instanceof AutoMLPError && !error.message.includes("\\n"));
 * console.error(`${error.name}: ${error.message}`);
 * ```
 */
export class AutoMLPError extends Error {
  /** What the error is called before its message. */
  override name = "AutoMLPError";

  /** Made with its one line. Options in it are named as where it is read: on a command line, `--min-user`; in code, `minUser`. */
  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? message : spoken(message), options);
    if (!onShown) return;
    const get = () => {
      onShown!();
      return `${this.name}: ${shownMessage(this)}`;
    };
    Object.defineProperty(this, "stack", { configurable: true, get });
  }

  /** The exit code of a command that ends with this error. */
  readonly exitCode: number = EXIT.failed;
}

/**
 * Wrong use or bad input: an unknown option, an unreadable file, a row that cannot be, a place without room. Exit code 2.
 *
 * @example
 * ```ts
 * import { InputError, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const refused = await prepare({ data: "none.csv", out: await Deno.makeTempDir() }).catch((error) => error);
 * assert(refused instanceof InputError && refused.exitCode === 2);
 * ```
 */
export class InputError extends AutoMLPError {
  /** What the error is called before its message. */
  override name = "InputError";
  /** The exit code of a command that ends with this error. */
  override readonly exitCode: number = EXIT.input;
}

/**
 * Something outside failed: a download broke, an engine does not start. Exit code 1.
 *
 * @example
 * ```ts
 * import { RunError } from "automlp";
 * import assert from "node:assert/strict";
 *
 * assert.equal(new RunError("The connection broke").exitCode, 1);
 * ```
 */
export class RunError extends AutoMLPError {
  /** What the error is called before its message. */
  override name = "RunError";
}

/**
 * An error's message as a person is shown it: one line in which nothing is hidden. What another program said
 * ({@link RunError}) keeps its lines. The message itself stays as it is.
 */
export function shownMessage(error: AutoMLPError): string {
  const message = worded(error);
  return error instanceof RunError ? visibleLines(message) : visible(message);
}

/**
 * The user stopped the work; what was finished is saved. A command ends with 130, or the code of the signal that it got. Its `cause` is the signal's
 * reason: a `TimeoutError` of `AbortSignal.timeout()`, an `AbortError`, or what `abort()` was given.
 *
 * @example
 * ```ts
 * import { Interrupted, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const stop = new AbortController();
 * stop.abort(); // as a stop button would
 * const out = `${await Deno.makeTempDir()}/data`;
 * await assert.rejects(prepare({ dataset: "demo", out }, { signal: stop.signal }), Interrupted);
 * ```
 */
export class Interrupted extends AutoMLPError {
  /** What the error is called before its message. */
  override name = "Interrupted";
  /** The exit code of a command that ends with this error. */
  override readonly exitCode: number = EXIT.interrupted;
  /** What the caller does to go on, as in "run the search again"; undefined where nothing goes on. */
  goesOn?: string;
}

/**
 * Throws {@link Interrupted} when `signal` is aborted; called between steps of long work.
 *
 * @param doing What is stopped, as in "drawing negatives".
 * @param state What becomes of the work so far.
 */
export function checkInterrupt(
  signal: AbortSignal | undefined,
  doing: string,
  state = "nothing half-written was left behind",
): void {
  if (signal?.aborted) {
    throw new Interrupted(`Stopped while ${doing}; ${state}`, { cause: signal.reason });
  }
}
