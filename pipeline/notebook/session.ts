/**
 * Adapts a Jupyter kernel to this library: progress below the cell that works, a stop button that stops only the work, and
 * errors of one line.
 *
 * Deno reports the end of a cell that did not fail, but not its beginning. So a cell begins with its first
 * work; it ends when the kernel reports it, when an error of ours is shown, or, after an error of another kind, when
 * nothing has run for a while. Work that continues after its cell has finished still belongs to that cell, through asynchronous contexts.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { DataFrame } from "nodejs-polars";
import * as dataframe from "nodejs-polars/bin/dataframe.js";
import { offerContext } from "../contract/context.ts";
import { AutoMLPError, hideStacks, Interrupted, shownMessage } from "../contract/errors.ts";
import { type NotebookProgress, notebookProgress } from "../display/progress/notebook.ts";
import { frameWithDisplay } from "../display/table/frame.ts";
import { enterFolder, onCellEnd, settle } from "./kernel.ts";
import type { Progress } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";

/** Milliseconds without activity after which a cell whose end was not reported counts as over: if idle, if work is running. */
const OVER = 2_000, LOST = 60_000;

/** One execution of a cell. */
export class Cell {
  readonly #controller = new AbortController();
  readonly #running = new Set<symbol>();
  #alive: number;
  /** The context that work in this cell uses by default. */
  readonly context: Required<StageContext>;

  /**
   * @param output Where progress is shown.
   * @param now Milliseconds, from any origin.
   */
  constructor(readonly output: NotebookProgress, readonly now: () => number = () => performance.now()) {
    this.#alive = now();
    this.context = { progress: this.#watched(), signal: this.#controller.signal };
  }

  /** Progress to the output that also keeps track of what is running. */
  #watched(): Progress {
    return {
      start: (...work) => {
        const task = this.output.start(...work), id = Symbol();
        this.#running.add(id);
        this.#alive = this.now();
        return {
          advance: (amount, when) => {
            task.advance(amount, when);
            this.#alive = this.now();
          },
          end: (note, ending) => {
            task.end(note, ending);
            this.#running.delete(id);
            this.#alive = this.now();
          },
        };
      },
      warn: (message) => this.output.warn(message),
      remark: (message) => this.output.remark?.(message),
      grow: (growing, moment) => this.output.grow(growing, moment),
    };
  }

  /** Whether work is under way. */
  get working(): boolean {
    return this.#running.size > 0;
  }

  /** Whether the cell has shown no activity for so long that its work must have ended. */
  get over(): boolean {
    return this.now() - this.#alive > (this.working ? LOST : OVER);
  }

  /** Handles the stop button: all work of this cell ends at its next step, including work that has not begun yet. */
  stop(): void {
    this.#alive = this.now();
    this.output.stop();
    this.#controller.abort();
  }
}

const here = new AsyncLocalStorage<Cell | undefined>();
/** Cells whose work may still be running. */
const cells = new Set<Cell>();
let current: Cell | undefined;

/** The cell that the caller's work belongs to. */
function cell(): Cell {
  let own = here.getStore() ?? current;
  if (!own || own.over) {
    for (const old of cells) if (old.over) cells.delete(old);
    cells.add(own = current = new Cell(outputOfCell()));
  }
  // For the cell's code and everything that follows from it, until it ends.
  here.enterWith(own);
  return own;
}

/**
 * Makes a cell's output. Its curves are drawn outside any cell's context: they load their modules when they are first needed, and
 * Deno 2.9.6 leaks the context of an `import()` into the code that runs next, which may be the next cell's.
 */
function outputOfCell(): NotebookProgress {
  const output = notebookProgress();
  return { ...output, grow: (growing, growth) => here.run(undefined, () => output.grow(growing, growth)) };
}

/** Makes work that starts from now on belong to a new cell. */
function next(): void {
  current = undefined;
  here.enterWith(undefined);
}

/** Begins the session. Call it once, and only in a kernel. */
export function beginSession(): void {
  enterFolder();
  showAllFrames();
  offerContext(() => cell().context);
  onCellEnd(async (result) => {
    const own = current;
    for (const one of cells) one.output.flush();
    next();
    // Work that continues after its cell draws when it ends.
    for (const one of cells) if (!one.working) await one.output.ended(one === own ? result : undefined);
  });
  hideStacks(() => {
    (here.getStore() ?? current)?.output.close();
    next();
    settle();
  }, cellMessage);
  // Without a listener, Deno's kernel dies of the signal that the stop button sends.
  Deno.addSignalListener("SIGINT", () => cells.forEach((one) => one.stop()));
  // Nothing awaits work that continues after its cell: without this its error would be lost.
  globalThis.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof AutoMLPError)) return;
    event.preventDefault();
    console.error(`${event.reason.name}: ${shownMessage(event.reason)}`);
  });
}

/** Returns the error's message, and for an interruption also how to resume the work. */
export function cellMessage(error: AutoMLPError): string {
  const action = error instanceof Interrupted ? error.goesOn : undefined;
  return action === undefined ? error.message : `${error.message}; ${action} to resume`;
}

/**
 * Makes every Polars frame from now on display itself as ours do: with its size, types, last rows, and text for hosts that do not accept HTML.
 * Polars' own display shows the first 50 rows and none of these.
 */
export function showAllFrames(): void {
  // Frames have no prototype that could be changed, but one function of Polars creates them all.
  const { default: makers } = dataframe as unknown as {
    default: { _DataFrame: (inner: unknown) => DataFrame };
  };
  const make = makers._DataFrame;
  makers._DataFrame = (inner) => frameWithDisplay(make(inner));
}
