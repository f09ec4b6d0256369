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

/** Something that work makes grow, and that shows itself on the way: a search, a training. */
export interface Growing {
  /** The thing itself. */
  of: object;
  /**
   * What is to be seen, by media type; undefined while there is nothing.
   *
   * @param ended Whether work at it has ended, for now at least; else only what grows is drawn.
   */
  draw(ended: boolean): Promise<Record<string, string> | undefined>;
}

/** It has grown; work at it has ended; work at it was stopped, and nothing will be drawn after this. */
export type Growth = "grown" | "ended" | "stopped";

/** Receives the start of each piece of work. */
export interface Progress {
  /**
   * A piece of work begins.
   *
   * @param label What is being done, as in "reading ratings.csv".
   * @param total Units of work in all (rows, bytes …); left out where it is not known.
   * @param unit The unit's name, as in "rows" or "bytes".
   * @param place Where it stands in longer work, as in "of at most 12": shown behind the label while it runs.
   */
  start(label: string, total?: number, unit?: string, place?: string): Task;
  /** A remark for the user that is not an error. */
  warn(message: string): void;
  /** Shows something that grows, where there is a place for it and when it is time to; to be waited for. Left out: there is no place. */
  grow?(growing: Growing, growth: Growth): Promise<void>;
}

/** The same for one part of longer work: whatever runs says where that stands at its start, as in "phase 2 of 3". */
export function withPlace(progress: Progress, part: () => string): Progress {
  return {
    ...progress,
    start: (label, total, unit, place) =>
      progress.start(label, total, unit, place === undefined ? part() : `${place}, ${part()}`),
  };
}

/** Says nothing: the default of every stage. */
export const silent: Progress = {
  start: () => ({ advance() {}, end() {} }),
  warn() {},
};
