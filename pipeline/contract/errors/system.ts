/** Errors of the system (files, permissions, packages that cannot be fetched) in one line for a person. */
import { currentSpeech, type Speech, spoken } from "../../display/text/option_names.ts";
import { AutoMLPError, InputError, Interrupted } from "./classes.ts";

/** Returns the first line of an error's text. */
export const firstLine = (error: unknown): string =>
  deniedLine(error) ?? (error instanceof Error ? error.message : String(error)).split("\n")[0];

/** Whether an error comes from the file system. For some errors, such as a file that is too large, only the text shows it. */
export const isSystemError = (error: unknown): boolean =>
  Object.values(Deno.errors).some((kind) => error instanceof kind) ||
  error instanceof Error && ("code" in error || /\(os error \d+\)$/.test(error.message));

/** Whether an error says that nothing exists at a path. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;

/** Returns a one-line error for a file or folder that could not be written, for lack of space or permission. Keeps other errors. */
export function cannotWrite(path: string, error: unknown): unknown {
  return isSystemError(error) ? writingFailed(path, error) : error;
}

/**
 * Returns a one-line error for something that could not be written, for any reason. An error that is already one line is kept, unless it
 * is about a part of `what` that could not be written.
 */
export function writingFailed(what: string, error: unknown): Error {
  if (error instanceof WritingFailed) return new WritingFailed(what, error.reason);
  if (error instanceof AutoMLPError) return error;
  const denied = deniedLine(error);
  return denied === undefined ? new WritingFailed(what, reasonOf(error)) : new InputError(denied);
}

/** Returns the system's message, without the text that Polars puts before it and the temporary file that Deno names after it. */
const reasonOf = (error: unknown): string =>
  firstLine(error).replace(/^.* underlying IO error: /, "").replace(/( \(os error \d+\)): .*$/, "$1");

const TOO_MANY = /too many open files/i, RAISE_LIMIT = "raise the limit of open files (ulimit -n)";
/** Returns what to do before it can be written there, according to the system's message. */
export const remedyOf = (reason: string): string =>
  /space|quota/i.test(reason) ? "free some space" : "see that it can be written";

/** What to do if neither more space nor another place helps. */
const WISHES: readonly (readonly [RegExp, string])[] = [
  [TOO_MANY, RAISE_LIMIT],
  [/name too long/i, "choose a shorter name with --out"],
];

/** The error for it. If the results so far are kept, it says how to continue instead of suggesting another place. */
export class WritingFailed extends InputError {
  #goesOn?: string;

  /**
   * @param what What could not be written, as in `the dataset data/mine`.
   * @param reason The system's message.
   */
  constructor(what: string, readonly reason: string) {
    const [, wish = `${remedyOf(reason)} or choose another place with --out`] =
      WISHES.find(([said]) => said.test(reason)) ?? [];
    super(`Cannot write ${what}: ${reason}; ${wish}`);
    this.problem = `Cannot write ${what}: ${reason}`;
  }

  /** The message without the advice. */
  readonly problem: string;

  /** What to do about it before the work can continue. */
  get remedy(): string {
    if (TOO_MANY.test(this.reason)) return RAISE_LIMIT;
    return remedyOf(this.reason);
  }

  /** What the caller can do to continue, as in "call it again"; undefined if nothing can be continued. */
  get goesOn(): string | undefined {
    return this.#goesOn;
  }

  set goesOn(action: string | undefined) {
    this.#goesOn = action;
    this.message = spoken(`${this.problem}; ${this.remedy}, and ${action} to resume`);
  }
}

/**
 * Adds how the caller can continue to an error after which the results so far are kept: an interruption, or a full disk.
 *
 * @param action What to do, as in "call it again".
 * @returns Whether it is such an error; others are not changed.
 */
export function goesOnBy(error: unknown, action: string): boolean {
  if (!(error instanceof Interrupted || error instanceof WritingFailed)) return false;
  error.goesOn = action;
  return true;
}

const ACTIONS: Record<string, string> = {
  read: "read",
  write: "write",
  net: "reach",
  env: "read the environment variable",
  run: "start",
  ffi: "load",
  sys: "ask the system for",
};

const WRITE_ONLY_NAMED =
  "a command may write only to the places that its command line names: name this one there, as with --out";

/**
 * Returns the line for an error of Deno's permissions; undefined for any other error.
 *
 * @param speech Whether it is a command, whose permissions we set, or a program, whose permissions its caller sets.
 * @example
 * ```ts
 * import { deniedLine } from "./system.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new Deno.errors.NotCapable('Requires net access to "example.com:443", run again with the --allow-net flag');
 * assert(deniedLine(error, "command") === "Cannot reach example.com:443: this command has no permission for it; see permissions in automlp's deno.json");
 * ```
 */
export function deniedLine(error: unknown, speech: Speech = currentSpeech()): string | undefined {
  if (!(error instanceof Deno.errors.NotCapable)) return undefined;
  const [, kind, what] = error.message.match(/^Requires (\w+) access(?: to "?(.*?)"?)?, run again/) ?? [];
  const action = `Cannot ${ACTIONS[kind] ?? "use"} ${what ?? "something"}`;
  if (kind === "all") return `${action}: it is the system's own, and no file or folder of yours`;
  if (speech === "code") {
    const needed = kind in ACTIONS ? `, or --allow-${kind}` : "";
    return `${action}: this program has no permission for it; start it with deno run -A${needed}`;
  }
  return kind === "write"
    ? `${action}: ${WRITE_ONLY_NAMED}`
    : `${action}: this command has no permission for it; see permissions in automlp's deno.json`;
}

/**
 * Returns the line for Deno's error about a package that it could not fetch; undefined for any other error.
 *
 * @example
 * ```ts
 * import { notFetchedLine } from "./system.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new TypeError("Failed caching npm package 'zod@4.6.7'\n    0: error sending request");
 * assert(notFetchedLine(error) === "Cannot fetch the package zod@4.6.7, which comes when it is first needed; run this again when the network is there");
 * ```
 */
export function notFetchedLine(error: unknown): string | undefined {
  const name = error instanceof Error && /^Failed caching npm package '([^'\n]+)'/.exec(error.message)?.[1];
  return name
    ? `Cannot fetch the package ${name}, which comes when it is first needed; run this again when the network is there`
    : undefined;
}
