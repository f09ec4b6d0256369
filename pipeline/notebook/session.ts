/**
 * Makes a Jupyter kernel at home in this library: progress under the cell that works, a stop button that stops the work and
 * nothing else, errors of one line. Imported by `mod.ts` in a kernel only.
 *
 * Deno reports a cell's end, where it did not fail, but not of its beginning. So a cell is what runs from the first
 * work on; it ends with the kernel's word, with an error of ours that is shown, or, after an error of another kind, when
 * nothing has run for a while. Work that continues behind a finished cell stays with that cell: asynchronous contexts carry it.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { offerContext } from "../contract/context.ts";
import { AutoMLPError, hideStacks, shownMessage } from "../contract/errors.ts";
import { type NotebookProgress, notebookProgress } from "../display/progress/notebook.ts";
import { Cell } from "./cell.ts";
import { enterFolder } from "./folder.ts";
import { showAllFrames } from "./frames.ts";
import { onCellEnd, settle } from "./kernel.ts";
import { cellMessage } from "./wording.ts";

const here = new AsyncLocalStorage<Cell | undefined>();
/** Those that may still work. */
const cells = new Set<Cell>();
let current: Cell | undefined;

/** The cell that the caller's work belongs to. */
function cell(): Cell {
  let own = here.getStore() ?? current;
  if (!own || own.over) {
    for (const old of cells) if (old.over) cells.delete(old);
    cells.add(own = current = new Cell(outputOfCell()));
  }
  // A cell's code and all that follows from it, until it ends.
  here.enterWith(own);
  return own;
}

/**
 * A cell's output. Its curves are drawn in no cell's context. They load their modules when they are first needed, and
 * Deno 2.9.6 leaves the context of an `import()` to whatever runs next, which may be the next cell's code.
 */
function outputOfCell(): NotebookProgress {
  const output = notebookProgress();
  return { ...output, grow: (growing, growth) => here.run(undefined, () => output.grow(growing, growth)) };
}

/** What starts now belongs to a new cell. */
function next(): void {
  current = undefined;
  here.enterWith(undefined);
}

enterFolder();
showAllFrames();
offerContext(() => cell().context);
onCellEnd(async (result) => {
  const own = current;
  for (const one of cells) one.output.flush();
  next();
  // Work that goes on behind its cell draws when it ends.
  for (const one of cells) if (!one.working) await one.output.ended(one === own ? result : undefined);
});
hideStacks(() => {
  (here.getStore() ?? current)?.output.close();
  next();
  settle();
}, cellMessage);
// Without a listener, Deno's kernel dies of the signal that the stop button sends.
Deno.addSignalListener("SIGINT", () => cells.forEach((one) => one.stop()));
// Nobody waits for work behind a cell: its error would vanish.
globalThis.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof AutoMLPError)) return;
  event.preventDefault();
  console.error(`${event.reason.name}: ${shownMessage(event.reason)}`);
});
