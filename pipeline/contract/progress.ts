/**
 * How long work reports that it continues. Stages and readers receive a {@link Progress}; what it draws (a bar, a log
 * line, a notebook output, nothing) is not their concern.
 *
 * @module
 */

/**
 * How a piece of work ended: at its end; at the end of the time that it had; or before, by an error or because the user stopped it. What `end` of a {@link Task} takes.
 */
export type Ending = "done" | "cut short" | "stopped";

/** Something to be said of work under way, in a few words. A {@link Place} is made of them. */
export interface PlaceFact {
  /** As in `at most 3:40 until the evaluation`. */
  text: string;
  /** The same where room is short, as in `at most 3:40 left`. */
  short: string;
}

/**
 * Where work stands, in words, or in several facts: the most important first. Where room is short, the last ones are shortened, then left out. {@link Progress} shows it beside the name of the work.
 */
export type Place = string | readonly (string | PlaceFact)[];

/** One piece of work under way, as `start` of {@link Progress} returns it. */
export interface Task {
  /**
   * Adds `amount` units of work done.
   *
   * @param when `before`: work that is resumed was so far already when it began; that tells nothing of its speed. Default: `now`.
   */
  advance(amount: number, when?: "now" | "before"): void;
  /**
   * Ends the task. Ending twice does nothing.
   *
   * @param note What came out, in a few words; of work that was cut short, by what.
   * @param ending Default: `done`.
   */
  end(note?: string, ending?: Ending): void;
}

/**
 * Something that work makes grow, and that shows itself on the way: a search, a training. {@link notebookProgress} draws it, as it does a {@link Search}.
 */
export interface Growing {
  /** The thing itself. */
  of: object;
  /** The folder of the run that it is a part of: a result that shows this run shows it, too. */
  within?: string;
  /**
   * What is to be seen, by media type; undefined while there is nothing.
   *
   * @param ended Whether work at it has ended, for now at least; else only what grows is drawn.
   */
  draw(ended: boolean): Promise<Record<string, string> | undefined>;
}

/**
 * It has grown; work at it has ended; work at it was stopped, and nothing will be drawn after this. `grow` of {@link Progress} is told it.
 */
export type Growth = "grown" | "ended" | "stopped";

/**
 * Receives the start of each piece of work. {@link terminalProgress} and {@link notebookProgress} make one; it goes into the {@link StageContext}.
 */
export interface Progress {
  /**
   * A piece of work begins.
   *
   * @param label What is being done, as in "reading ratings.csv".
   * @param total Units of work in all (rows, bytes …); left out where it is not known.
   * @param unit The unit's name, as in "rows" or "bytes".
   * @param place Where it stands, as in "of at most 12": shown behind the label while it runs. A function is asked each time that it is shown. Of work
   *   whose total is known, the first fact is shown behind the label, and others behind the share that is done.
   */
  start(label: string, total?: number, unit?: string, place?: Place | (() => Place)): Task;
  /** Something that the user should look at, and that is no error. */
  warn(message: string): void;
  /** Something to know, and no reason to look at anything. Left out: it is shown nowhere. */
  remark?(message: string): void;
  /** Shows something that grows, where there is a place for it and when it is time to; to be waited for. Left out: there is no place. */
  grow?(growing: Growing, growth: Growth): Promise<void>;
}

/** Progress that may be told of a stop. {@link terminalProgress} makes one. */
export interface StoppableProgress extends Progress {
  /** The user stops the work: tasks that end from now on with work left are shown as stopped. */
  stop(): void;
}

/**
 * Says nothing, not even what it warns of: for work within other work, and for services, which are asked often. The `progress` of any work.
 *
 * @example
 * ```ts
 * import { popularity, prepare, recommend, silent } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() }, { progress: silent });
 * const model = await popularity.fit(dataset);
 * const histories = { "customer 17": ["SH-0426", "unknown"] };
 * console.log(await recommend(model, dataset, { histories, onUnknown: "skip", k: 3, progress: silent }));
 * ```
 */
export const silent: Progress = {
  start: () => ({ advance() {}, end() {} }),
  warn() {},
};
