/**
 * How long-running work reports its progress. Stages and readers receive a {@link Progress}; what it draws (a bar, a log
 * line, a notebook output, nothing) is not their concern.
 *
 * @module
 */

/**
 * How a piece of work ended, for `end` of a {@link Task}: completely (`done`), because its time was up (`cut short`), or early, through an
 * error or because the user stopped it (`stopped`).
 */
export type Ending = "done" | "cut short" | "stopped";

/** A short fact about work in progress. A {@link Place} consists of such facts. */
export interface PlaceFact {
  /** The full text, as in `at most 3:40 until the evaluation`. */
  text: string;
  /** The short form for narrow displays, as in `at most 3:40 left`. */
  short: string;
}

/**
 * How far work has come, as a text or as several facts with the most important first. If space is short, the last ones are shortened, then
 * left out. {@link Progress} shows it beside the name of the work.
 */
export type Place = string | readonly (string | PlaceFact)[];

/** A piece of work in progress, as returned by `start` of {@link Progress}. */
export interface Task {
  /**
   * Records `amount` more units of work as done.
   *
   * @param when `before`: resumed work had already done these units when it began, so they do not count for its speed. Default: `now`.
   */
  advance(amount: number, when?: "now" | "before"): void;
  /**
   * Ends the task. Ending twice does nothing.
   *
   * @param note The result in a few words; for work that was cut short, the reason.
   * @param ending How the work ended. Default: `done`.
   */
  end(note?: string, ending?: Ending): void;
}

/**
 * Something that grows while work goes on and displays itself on the way, such as a {@link Search} or a training. {@link notebookProgress}
 * draws it.
 */
export interface Growing {
  /** The object that grows. */
  of: object;
  /** The folder of the run that it belongs to; a result that shows this run shows it too. */
  within?: string;
  /**
   * Returns what to display, by media type; undefined while there is nothing to display.
   *
   * @param ended Whether work on it has ended, at least for now; if not, only the growing parts are drawn.
   */
  draw(ended: boolean): Promise<Record<string, string> | undefined>;
}

/**
 * What happened to something that grows, for `grow` of {@link Progress}: it has grown, work on it has ended, or work on it was stopped,
 * after which nothing more is drawn.
 */
export type Growth = "grown" | "ended" | "stopped";

/**
 * Receives the start of each piece of work. {@link terminalProgress} and {@link notebookProgress} create one, to be passed in
 * the {@link StageContext}.
 */
export interface Progress {
  /**
   * Starts a piece of work.
   *
   * @param label What is being done, as in "reading ratings.csv".
   * @param total Total units of work (rows, bytes …); omitted if not known.
   * @param unit Name of the unit, as in "rows" or "bytes".
   * @param place How far it has come, as in "of at most 12": shown after the label while it runs. A function is called each time it is
   * shown. If the total is known, the first fact is shown after the label, and the others after the share that is done.
   */
  start(label: string, total?: number, unit?: string, place?: Place | (() => Place)): Task;
  /** Reports something that the user should look at but that is not an error. */
  warn(message: string): void;
  /** Reports something that is good to know but needs no attention. If omitted, remarks are not shown. */
  remark?(message: string): void;
  /** Shows something that grows, if there is a place for it and a redraw is due; must be awaited. If omitted, there is no place for it. */
  grow?(growing: Growing, growth: Growth): Promise<void>;
}

/** Progress that can be told that the user stopped the work. {@link terminalProgress} creates one. */
export interface StoppableProgress extends Progress {
  /** Says that the user stops the work: tasks that end from now on with work left are shown as stopped. */
  stop(): void;
}

/**
 * Progress that shows nothing, not even warnings: for work within other work, and for services that are called often. Can be the `progress`
 * of any work.
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
