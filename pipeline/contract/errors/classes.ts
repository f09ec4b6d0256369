/**
 * The classes of errors and their exit codes, which need no package.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { visible, visibleLines } from "../../display/text/visible.ts";

/**
 * Exit codes of every command: done; failed; wrong use or bad input; stopped with everything saved, by Ctrl-C (`interrupted`), SIGTERM
 * (`terminated`) or a closed terminal (`hangup`, SIGHUP).
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
 * Makes the stack of these errors their one line, from now on, because a notebook shows the stack of what a cell throws.
 *
 * @param shown Called each time an error's stack is read, that is, when the error is shown.
 * @param wording Returns what is shown of an error. Default: its message.
 */
export function hideStacks(shown: () => void, wording: (error: AutoMLPError) => string = worded): void {
  onShown = shown;
  worded = wording;
}

/**
 * The base class of all errors that are reported to the user as one line, without a stack.
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
  /** The error's name, shown before its message. */
  override name = "AutoMLPError";

  /**
   * Creates the error from its one line, which names options as the reader uses them: `--min-user` on a command line, `minUser` in code.
   */
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
 * Wrong use or bad input: an unknown option, an unreadable file, an invalid row, a full disk. Exit code 2.
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
  /** The error's name, shown before its message. */
  override name = "InputError";
  /** The exit code of a command that ends with this error. */
  override readonly exitCode: number = EXIT.input;
}

/**
 * A user or an item was named that does not exist: a service answers it with "not found", and other {@link InputError}s as its own fault.
 *
 * @example
 * ```ts
 * import { prepare, UnknownIdError } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * assert.throws(
 *   () => dataset.itemIndex("i0"),
 *   (error) => error instanceof UnknownIdError && error.kind === "item" && error.ids[0] === "i0",
 * );
 * ```
 */
export class UnknownIdError extends InputError {
  /** The error's name, shown before its message. */
  override name = "UnknownIdError";

  /**
   * Creates the error from its one line.
   *
   * @param kind What was named.
   * @param ids The ids that do not exist, as they were given; the message names the first.
   */
  constructor(message: string, readonly kind: "user" | "item", readonly ids: readonly string[]) {
    super(message);
  }
}

/**
 * Something outside the program failed: a download broke off, or an engine does not start. Exit code 1.
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
  /** The error's name, shown before its message. */
  override name = "RunError";
}

/**
 * Returns an error's message as it is shown to the user: one line without hidden characters. Messages of other programs
 * ({@link RunError}) keep their lines. The message itself is not changed.
 */
export function shownMessage(error: AutoMLPError): string {
  const message = worded(error);
  return error instanceof RunError ? visibleLines(message) : visible(message);
}

/**
 * The user stopped the work; what was finished is saved. A command ends with 130, or with the code of the signal that it received. The
 * `cause` is the reason of the AbortSignal: a `TimeoutError` from `AbortSignal.timeout()`, an `AbortError`, or the value passed to
 * `abort()`.
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
  /** The error's name, shown before its message. */
  override name = "Interrupted";
  /** The exit code of a command that ends with this error. */
  override readonly exitCode: number = EXIT.interrupted;
  /** What the caller can do to continue, as in "run the search again"; undefined if nothing can be continued. */
  goesOn?: string;
}

/**
 * Throws {@link Interrupted} if `signal` is aborted; called between the steps of long work.
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
