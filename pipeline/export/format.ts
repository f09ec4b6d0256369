/**
 * The interface of export formats: title and description, and how a format writes its files.
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

/** Number of chunks after which the memory of their frames is freed, which takes a fraction of the time of writing one. */
const CHUNKS_HELD = 4;

/** An export in progress: what a format needs to write its files. */
export class ExportJob {
  /** Remarks for the user: what was changed or left out, and what the other tool does differently. */
  readonly notes: string[] = [];

  /** The data set's name in the other tool; safe as a file name. */
  readonly name: string;
  /** Maximum number of items in a history. */
  readonly maxLength: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;

  /** @param output Receives the files. */
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
   * Passes chunks on and reports progress in rows. Between chunks the event loop runs, so that an abort is noticed, and memory of
   * earlier chunks is freed.
   *
   * @param total Total number of rows.
   * @param chunks Chunks with their numbers of rows.
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
        await yieldToEventLoop(); // frees the memory of frames no longer used
        checkInterrupt(this.signal, label);
      }
    } finally {
      task.end();
    }
  }

  /** Does work that cannot be divided, and reports its start and its end. */
  async whole(label: string, total: number, work: () => Promise<void>): Promise<void> {
    for await (const _ of this.watch(label, total, [[total, undefined]])) await work();
  }
}

/** Facts about an export format, as listed in {@link EXPORT_FORMATS}. */
export interface ExportFormatFacts {
  /** Short title that says what the format is for. */
  title: string;
  /** One or two sentences: what is written, and for whom. */
  description: string;
  /** Display names of programs that read this format and are not themselves the name of a format. */
  tools?: readonly string[];
  /** Supported compressions; the first is the default. */
  compressions: readonly [Compression, ...Compression[]];
  /** Whether the files have cells that a spreadsheet may take for formulas. Default: false. */
  cells?: boolean;
  /** Whether the items before each target are written out, up to a maximum length. Default: false. */
  histories?: boolean;
  /** Names that the other tool reserves for its own data. */
  reservedNames?: readonly string[];
}

/** An export format; each has its own file in this folder. */
export interface Format extends ExportFormatFacts {
  /** Writes the files. */
  write(job: ExportJob): Promise<void>;
  /** Returns Markdown for the folder's README: the files and how to load them. */
  readme(job: ExportJob): string;
}
