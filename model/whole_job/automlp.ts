/**
 * The whole job in one call, for notebooks and programs.
 *
 * @module
 */
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { goesOnBy } from "../../pipeline/contract/errors/writing_failed.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { AN_OBJECT, checkCall, FOLDER, TEXT } from "../../pipeline/contract/options/arguments.ts";
import { checkKnown } from "../../pipeline/contract/options/known.ts";
import type { PrepareInput } from "../../pipeline/prepare_options.ts";
import { tableAmong, TABLES } from "../../pipeline/tables/names.ts";
import { onDisk, type PrepareSource } from "../../pipeline/tables/input.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../../pipeline/terminal/launch/run_place.ts";
import type { AutomlpJobInput } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import type { PresetName } from "../presets/presets.ts";
import { putOnEngine } from "../methods/store.ts";
import { recommend, type RecommendOptions } from "../recommend/recommend.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import type { RunFolder } from "../runs/folder.ts";
import { jobWithDisplay } from "../views/job.ts";
import { chooseFolder, holdsRun } from "../runs/free_folder.ts";
import { beneath, pipelineSchema } from "./options.ts";
import { wholeJob } from "./whole_job.ts";

/** What {@link automlp} is given: raw interactions or a prepared dataset, and options of the preparation and of the job. All may be left out. */
export interface AutomlpInput
  extends Partial<Omit<PrepareSource, "out" | "seed">>, Omit<AutomlpJobInput, "method" | "until"> {
  /** The run folder. Default: `runs/NAME`, or `runs/NAME-2` … where there is one; with `resume` `runs/NAME`. */
  out?: string;
  /**
   * Go on with the run that the folder holds, which knows its options: beside `out` nothing else has to be given, but for tables that were given as
   * frames or arrays. What is given is compared. Default: false.
   */
  resume?: boolean;
  /** Of weights, order, dropout and negatives. Default: 2023. */
  seed?: number;
  /** Memory that this process may take to prepare, as in `2GiB`, or in bytes; beyond it DuckDB does it on disk. Default: four fifths of what is free. */
  memory?: string | number;
  /** Methods to train on the same data: `automlp`, which is to be among them, and others. Default: `automlp` alone. */
  methods?: MethodName | readonly MethodName[];
  /** Options that suit a known data set; those that are given override them. Default: without `data` those of the `dataset`'s name, if there are any. */
  preset?: PresetName;
}

/** What {@link automlp} gives. Shows itself: verdict, metrics, curves, a few people, and where the report is. */
export interface AutomlpRun {
  /** The run folder. */
  run: RunFolder;
  /** All that the report is made of. */
  facts: ReportFacts;
  /** What it was trained on. */
  dataset: SequenceDataset;
  /**
   * The next items by the run's model, for all users or as the options say; with or without what users had before as the run was begun, where they do
   * not say it.
   */
  recommend(options?: RecommendOptions): Promise<DataFrame>;
}

/**
 * Prepares a dataset, searches, trains, evaluates and reports: what `deno task pipeline` does, into a run folder. Without data it takes the demonstration data.
 *
 * @throws {InputError} for options or data that cannot be used, and a folder that is not free.
 * @throws {Interrupted} if `signal` is aborted: the same call with `resume: true` goes on, as `deno task pipeline FOLDER --resume` does.
 * @example
 * ```ts
 * import { automlp } from "automlp";
 *
 * const out = `${await Deno.makeTempDir()}/first`;
 * const run = await automlp({ out, dim: 8, layers: 1, length: 10, candidates: [1, 3], searchEpochs: 1, epochs: 1 });
 * console.log(run, await run.recommend({ users: ["u0001"], k: 5 }));
 *
 * // Another session: what was stopped goes on, and what is finished is not done again.
 * const again = await automlp({ out, resume: true });
 * console.log(again.facts.metrics);
 * ```
 */
export async function automlp(input: AutomlpInput = {}, context: StageContext = {}): Promise<AutomlpRun> {
  checkCall('automlp({ data: "ratings.csv" })', [input, AN_OBJECT], [context, AN_OBJECT]);
  checkKnown("run the job", input, PLACES, "left");
  checkKnown("run the job", context, {});
  const started = performance.now(), { progress, signal } = contextOf(context);
  using files = await onDisk(input as PrepareSource, { progress, signal });
  const options = checkOptions(pipelineSchema.omit({ until: true }), {
    ...beneath({ ...files.input }),
    ...files.input,
  });
  const usual = defaultRunFolder(options), known = options.out ?? (options.resume ? usual : undefined);
  using chosen = known === undefined ? chooseFolder(usual) : undefined;
  const out = known ?? chosen!.path;
  const { dataset, job } = await files.during(async () => {
    const work = await wholeJob({ ...options, out, until: "evaluate" }, { ...files.input });
    return await work({ started, command: "automlp(…)", progress, signal });
  }).catch((error) => {
    if (holdsRun(out)) goesOnBy(error, `call ${resumingCall(files.input, out)}`);
    throw error;
  });
  const { run, facts } = job!;
  return jobWithDisplay({
    run,
    facts,
    dataset,
    async recommend(options: RecommendOptions = {}) {
      checkCall('run.recommend({ users: ["u1"], k: 10 })', [options, AN_OBJECT]);
      using loaded = await putOnEngine(run, dataset);
      return await recommend(loaded.model, dataset, {
        ...options,
        keepSeen: options.keepSeen ?? run.keepsSeen,
      });
    },
  });
}

/** What the run folder is named by, which is looked for before the other options are checked. */
const PLACES = {
  dataset: {
    ...TEXT,
    what: "the name of a known data set, or the folder of a prepared one (dataset.folder)",
  },
  name: TEXT,
  out: FOLDER,
};

/** The call that resumes a run; tables in memory are given again. */
function resumingCall(input: Partial<PrepareInput>, out: string): string {
  const tables = TABLES.filter((option) => tableAmong({ [option]: input[option] })).map((option) =>
    `${option}: …`
  );
  return `automlp({ ${[`out: ${JSON.stringify(out)}`, "resume: true", ...tables].join(", ")} })`;
}
