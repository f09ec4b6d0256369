/**
 * What an export format is: a name, what it says of itself, and how it writes.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";
import { checkInterrupt } from "../contract/errors.ts";
import { freeFrames } from "../contract/machine/free_frames.ts";
import { type Progress, silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { Output } from "./output.ts";
import type { Compression } from "./table_file.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";

/** Chunks whose frames may be in memory: giving it back takes as long as a small part of writing one. */
const CHUNKS_HELD = 4;

/** One export under way: what a format needs to write its files. */
export class ExportJob {
  /** Remarks for the user: what was changed or left out, and what the other tool will do differently. */
  readonly notes: string[] = [];

  /** The data set's name in the other tool; safe as a file name. */
  readonly name: string;
  /** Most items of a history. */
  readonly maxLength: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;

  /** @param output The files go here. */
  constructor(
    readonly dataset: SequenceDataset,
    readonly output: Output,
    { name, maxLength, progress = silent, signal }: { name: string; maxLength: number } & StageContext,
  ) {
    this.name = name;
    this.maxLength = maxLength;
    this.progress = progress;
    this.signal = signal;
  }

  /**
   * Passes chunks on, reporting the progress of their rows. Between chunks the event loop runs, so that an abort is seen, and what the
   * last ones took of memory is given back.
   *
   * @param total Rows in all.
   * @param chunks Each with its number of rows.
   */
  async *watch<T>(
    label: string,
    total: number,
    chunks: Iterable<[rows: number, chunk: T]>,
  ): AsyncGenerator<T> {
    const task = this.progress.start(label, total, "rows");
    let done = 0;
    try {
      for (const [rows, chunk] of chunks) {
        yield chunk;
        task.advance(rows);
        if (++done % CHUNKS_HELD === 0) freeFrames();
        await yieldToEventLoop(); // the memory of frames that are done with goes
        checkInterrupt(this.signal, label);
      }
    } finally {
      task.end();
    }
  }

  /** Does a piece of work that cannot be cut, reporting its start and its end. */
  async whole(label: string, total: number, work: () => Promise<void>): Promise<void> {
    for await (const _ of this.watch(label, total, [[total, undefined]])) await work();
  }
}

/** What a format says of itself. {@link EXPORT_FORMATS} has them all. */
export interface ExportFormatFacts {
  /** What it is for, in a few words. */
  title: string;
  /** One or two sentences: what is written, and for whom. */
  description: string;
  /** Programs that read it where no format has their name, as people call them. */
  tools?: readonly string[];
  /** Compressions that its files may have; the first is used where none is asked for. */
  compressions: readonly [Compression, ...Compression[]];
  /** Whether its files have cells, which a spreadsheet may open and take for formulas. Default: no. */
  cells?: boolean;
  /** Whether what came before each target is written out, up to a length. Default: no. */
  histories?: boolean;
  /** Names that the other tool keeps for data of its own. */
  reservedNames?: readonly string[];
}

/** One format: a file of this folder each. */
export interface Format extends ExportFormatFacts {
  /** Writes the files. */
  write(job: ExportJob): Promise<void>;
  /** Markdown for the folder's README: the files and how to load them. */
  readme(job: ExportJob): string;
}
