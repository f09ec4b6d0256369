/**
 * How long work reports that it continues. Stages and readers receive a {@link Progress}; what it draws (a bar, a log
 * line, a notebook output, nothing) is not their concern.
 *
 * @module
 */

/** One piece of work under way. */
export interface Task {
  /** Adds `amount` units of work done. */
  advance(amount: number): void;
  /** Ends the task; `note` says in a few words what came out. Ending twice does nothing. */
  end(note?: string): void;
}

/** Receives the start of each piece of work. */
export interface Progress {
  /**
   * A piece of work begins.
   *
   * @param label What is being done, as in "reading ratings.csv".
   * @param total Units of work in all (rows, bytes …); left out where it is not known.
   * @param unit The unit's name, as in "rows" or "bytes".
   */
  start(label: string, total?: number, unit?: string): Task;
  /** A remark for the user that is not an error. */
  warn(message: string): void;
}

/** Says nothing: the default of every stage. */
export const silent: Progress = {
  start: () => ({ advance() {}, end() {} }),
  warn() {},
};
