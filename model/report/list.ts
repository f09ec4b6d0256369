/**
 * The runs in a folder, as a table.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { inPlaceOfFolder, OtherFormat, unreadable } from "../../pipeline/contract/files/readable.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import type { TrainOn } from "../records/records.ts";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";
import { isLeft } from "../runs/lock.ts";
import { otherRunPaths } from "../runs/others.ts";
import { cutWork } from "../views/epochs.ts";
import { moment } from "../views/report.ts";
import { estimateText } from "../views/evaluation.ts";
import { type Part, partsHtml, partsText } from "../views/parts.ts";
import { mainMetrics, ownOf } from "../views/results.ts";

/** One run of {@link listRuns}, with what is known of it so far. */
export interface ListedRun {
  /** Its folder. */
  run: string;
  /**
   * State of the run. `stopped`: it is recorded as running, but no process works on it any more; `damaged`: its files were changed after
   * they were written; `other version`: another version of the program wrote it. For the last two, `why` gives the reason.
   */
  status: "running" | "stopped" | "interrupted" | "failed" | "done" | "damaged" | "other version";
  /**
   * Phases that were ended early, by a budget or by a user who then evaluated the run, and have not been resumed; omitted if there are
   * none.
   */
  cutShort?: ("search" | "training")[];
  /** Why the run is `damaged` or of another version. */
  why?: string;
  /** When it began (ISO 8601). */
  began?: string;
  /** The dataset that it was trained on. */
  dataset?: { name: string; hash: string };
  /** Title of the method that was trained. */
  method?: string;
  /** Seed of its training. */
  seed?: number;
  /** The selected short-term length, for AutoMLP. */
  shortTermLength?: number;
  /** For a refit, which parts of the data it has learnt from. */
  trainOn?: TrainOn;
  /** NDCG on test by protocol `full`, with its standard error if known. */
  ndcg?: { name: string; mean: number; standardError?: number };
  /** Hit rate on test by protocol `full`. */
  hits?: { name: string; mean: number };
  /** Seconds of all its phases. */
  seconds?: number;
}

/** Number of levels searched; deeper folders are parts of runs and experiments. */
const DEPTH = 3;

/**
 * The runs in a folder, newest first. The list displays itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { listRuns } from "automlp";
 *
 * const runs = listRuns(await Deno.makeTempDir());
 * console.log(runs, runs.runs.map(({ run, ndcg }) => [run, ndcg?.mean]));
 * ```
 */
export class RunList extends Shown {
  /**
   * Made by `listRuns`.
   *
   * @internal
   */
  constructor(readonly folder: string, readonly runs: readonly ListedRun[]) {
    super();
  }

  #table(): Table {
    return {
      caption: `Runs in ${this.folder}; metrics on test, protocol full, ± standard error`,
      spare: ["seed", "time", "data", "began", "k"],
      columns: [
        "run",
        "began",
        "data",
        "method",
        "seed",
        "k",
        "HR@10",
        "NDCG@10",
        "time",
        "status",
      ],
      rows: this.runs.map((one) => [
        one.run,
        one.began ? moment(one.began) : "–",
        one.dataset ? `${one.dataset.name} (${one.dataset.hash.slice(0, 8)})` : "–",
        one.method ?? "–",
        one.seed === undefined ? "–" : String(one.seed),
        one.shortTermLength === undefined ? "–" : formatCell(one.shortTermLength),
        named(one.hits, "HR@10"),
        named(one.ndcg, "NDCG@10"),
        one.seconds === undefined ? "–" : formatSeconds(one.seconds),
        one.status + (one.status === "done" && one.cutShort ? ", cut short" : "") +
        (one.trainOn === undefined ? "" : ", refit"),
      ]),
    };
  }

  #parts(): Part[] {
    const { folder, runs } = this;
    if (runs.length === 0) return [`There are no runs in ${folder}.`];
    return [
      this.#table(),
      ...runs.map(({ why }) => why), // which names the folder
      runs.some(({ trainOn, ndcg }) => trainOn !== undefined && ndcg)
        ? "The figures of a refit are those of a model that has learnt the validation interactions, too."
        : undefined,
    ];
  }

  /** Returns the runs as text, for a terminal. */
  toString(): string {
    return partsText(this.#parts());
  }

  /** Returns the runs as an HTML fragment, for a notebook. */
  toHtml(): string {
    return partsHtml(this.#parts());
  }

  /** Returns the runs as plain data. */
  toJSON(): readonly ListedRun[] {
    return this.runs;
  }
}

/** A figure as text, with its name if that differs from the column's. */
function named(
  of: { name: string; mean: number; standardError?: number } | undefined,
  column: string,
): string {
  if (!of) return "–";
  return `${of.name === column ? "" : `${of.name} `}${estimateText(of.mean, of.standardError)}`;
}

/**
 * Lists the runs in a folder and its subfolders, three levels deep. A run that cannot be read is listed as damaged, or as from a newer
 * version.
 *
 * @throws {InputError} if there is no such folder.
 * @example
 * ```ts
 * import { listRuns, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}/gru` });
 * console.log(listRuns(out));
 * ```
 */
export function listRuns(folder: string): RunList {
  if (!existsSync(folder)) throw new InputError(`There is no folder ${folder}: name one that holds runs`);
  const other = inPlaceOfFolder(folder);
  if (other !== undefined) {
    throw new InputError(`Cannot list the runs in ${folder}: it is ${other}; name a folder that holds runs`);
  }
  const runs = [...runsIn(folder, DEPTH)];
  const when = ({ began = "" }: ListedRun) => began;
  return new RunList(
    folder,
    runs.sort((a, b) => when(b).localeCompare(when(a)) || a.run.localeCompare(b.run)),
  );
}

/** A folder that may not be read is listed as damaged, because its contents are unknown. */
function* runsIn(folder: string, depth: number): Generator<ListedRun> {
  if (existsSync(join(folder, FILES.run.path))) {
    yield listedRun(folder);
    return;
  }
  if (depth === 0) return;
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)]
      .filter(({ isDirectory, name }) => isDirectory && !name.startsWith("."))
      .map(({ name }) => name);
  } catch (error) {
    const why = unreadable(folder, error);
    if (why === undefined || depth === DEPTH) throw why ?? error;
    yield { run: folder, status: "damaged", why: why.message };
    return;
  }
  for (const name of names) yield* runsIn(join(folder, name), depth - 1);
}

function listedRun(path: string): ListedRun {
  try {
    const folder = RunFolder.open(path), run = folder.readRun()!;
    const test = folder.read("metrics");
    const own = test && ownOf(test), means = own?.metrics.test?.full, errors = own?.standardErrors.test?.full;
    const at = (measure: string) => {
      const name = mainMetrics(means ?? {}).find((name) => name.startsWith(`${measure}@`));
      return name && { name, mean: means![name], standardError: errors?.[name] };
    };
    const { trainOn } = run.config.training, cutShort = cutWork(run);
    return {
      run: path,
      // Methods that are compared are trained one after the other, each in its own run.
      status: run.status === "running" && [path, ...otherRunPaths(path)].every(isLeft)
        ? "stopped"
        : run.status,
      ...(cutShort.length > 0 && { cutShort }),
      began: run.sessions[0]?.began,
      dataset: { name: run.dataset.name, hash: run.dataset.hash },
      method: run.title,
      seed: run.seed,
      shortTermLength: folder.read("architecture")?.shortTermLength,
      ...(trainOn !== undefined && { trainOn }),
      ndcg: at("NDCG") || undefined,
      hits: at("HR") || undefined,
      seconds: Object.values(run.times).reduce((sum, seconds) => sum + seconds, 0),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      run: path,
      status: error instanceof OtherFormat ? "other version" : "damaged",
      why: error.message,
    };
  }
}
