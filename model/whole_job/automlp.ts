/**
 * The whole job in one call, for notebooks and programs.
 *
 * @module
 */
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { goesOnBy } from "../../pipeline/contract/errors/system.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { AN_OBJECT, checkCall, FOLDER, TEXT } from "../../pipeline/contract/options/arguments.ts";
import { checkKnown } from "../../pipeline/contract/options/known.ts";
import type { PrepareInput } from "../../pipeline/prepare_options.ts";
import { tableAmong, TABLES } from "../../pipeline/tables/names.ts";
import { onDisk, type PrepareSource } from "../../pipeline/tables/input.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../runs/default_folders.ts";
import type { AutomlpJobInput } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import type { PresetName } from "../presets/presets.ts";
import { putOnEngine } from "../methods/store.ts";
import { recommend, type RecommendOptions } from "../recommend/recommend.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import type { RunFolder } from "../runs/folder.ts";
import { jobWithDisplay } from "../views/report.ts";
import { chooseFolder, holdsRun } from "../runs/free_folder.ts";
import { beneath, pipelineSchema } from "./options.ts";
import { wholeJob } from "./whole_job.ts";

/** Input of {@link automlp}: raw interactions or a prepared dataset, and options of the preparation and the job. All are optional. */
export interface AutomlpInput
  extends Partial<Omit<PrepareSource, "out" | "seed">>, Omit<AutomlpJobInput, "method" | "until"> {
  /** The run folder. Default: `runs/NAME`, or `runs/NAME-2` … if that exists; with `resume`, `runs/NAME`. */
  out?: string;
  /**
   * Continue the run in the folder, which has its options on record: besides `out`, only tables that were given as frames or arrays have to
   * be given again. Options that are given are compared with the record. Default: false.
   */
  resume?: boolean;
  /** Seed of weights, order, dropout and negatives. Default: 2023. */
  seed?: number;
  /**
   * Memory that this process may use for the preparation, as in `2GiB`, or in bytes; beyond that, DuckDB works on disk. Default: four
   * fifths of the free memory.
   */
  memory?: string | number;
  /** Methods to train on the same data: `automlp`, which is required, and others. Default: `automlp` alone. */
  methods?: MethodName | readonly MethodName[];
  /**
   * Options that suit a known dataset; given options override them. Default: without `data`, the preset named like `dataset`, if there is
   * one.
   */
  preset?: PresetName;
}

/** Result of {@link automlp}. It displays itself: verdict, metrics, curves, a few people, and where the report is. */
export interface AutomlpRun {
  /** The run folder. */
  run: RunFolder;
  /** Everything that the report is made of. */
  facts: ReportFacts;
  /** The dataset that it was trained on. */
  dataset: SequenceDataset;
  /**
   * Recommends the next items by the run's model, for all users or as the options say. If they do not say whether items that users had
   * before are included, that is as the run was begun.
   */
  recommend(options?: RecommendOptions): Promise<DataFrame>;
}

/**
 * Prepares a dataset, searches, trains, evaluates and reports into a run folder, as `deno task pipeline` does. Without data it uses the
 * demonstration data.
 *
 * @throws {InputError} for options or data that cannot be used, or a folder that is not free.
 * @throws {Interrupted} if `signal` is aborted: the same call with `resume: true` continues, as `deno task pipeline FOLDER --resume` does.
 * @example
 * ```ts
 * import { automlp } from "automlp";
 *
 * const out = `${await Deno.makeTempDir()}/first`;
 * const run = await automlp({ out, dim: 8, layers: 1, length: 10, lengths: [1, 3], searchEpochs: 1, epochs: 1 });
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
      return await recommend(loaded.model, dataset, options);
    },
  });
}

/** Options that determine the name of the run folder, which is chosen before the other options are checked. */
const PLACES = {
  dataset: {
    ...TEXT,
    what: "the name of a known data set, or the folder of a prepared one (dataset.folder)",
  },
  name: TEXT,
  out: FOLDER,
};

/** The call that resumes a run; tables in memory have to be given again. */
function resumingCall(input: Partial<PrepareInput>, out: string): string {
  const tables = TABLES.filter((option) => tableAmong({ [option]: input[option] })).map((option) =>
    `${option}: …`
  );
  return `automlp({ ${[`out: ${JSON.stringify(out)}`, "resume: true", ...tables].join(", ")} })`;
}
