/**
 * AutoMLP as an estimator in the style of scikit-learn: options, `fit`, `recommend`, `save`, `load`.
 *
 * @module
 */
import { goesOnBy } from "../../pipeline/contract/errors/system.ts";
import { absolutePath } from "../../pipeline/contract/files/readable.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../runs/default_folders.ts";
import type { Engine } from "../backend/types.ts";
import { evaluate, type EvaluateOptions } from "../evaluate/evaluate.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { runJobAt } from "../experiment/job.ts";
import type { AutomlpJobInput } from "../experiment/job_options.ts";
import { checkCandidates, checkJob, isAutomlp, jobSchema } from "../experiment/options.ts";
import { reopenRun } from "../experiment/begun.ts";
import { withStart } from "../experiment/start_from.ts";
import { putOnEngine } from "../methods/store.ts";
import type { Architecture, TrainRecord } from "../records/records.ts";
import { recommend, type RecommendOptions } from "../recommend/recommend.ts";
import type { Histories, Recommender } from "../recommender.ts";
import type { RunFolder } from "../runs/folder.ts";
import { methodOf } from "../train/methods.ts";
import { trainedOn } from "../trained_on.ts";
import { settingsShape } from "../train/settings.ts";
import type { LoadedModel } from "../train/model_weights.ts";
import { unfittedText } from "../views/model.ts";
import { resumeCommand } from "../views/epochs.ts";
import { chooseFolder, holdsRun } from "../runs/free_folder.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";

/** Job options that an {@link AutoMLP} does not take: it is one method, and determines itself how far the job goes. */
const OTHERS = { method: true, sizes: true, trainOn: true, until: true, resume: true, strict: true } as const;
const optionsSchema = jobSchema.omit(OTHERS).extend({ seed: settingsShape.seed });

/** Options of an {@link AutoMLP}: those of network, search and training, as `deno task search --help-all` lists them. All are optional. */
export interface AutomlpOptions extends Omit<AutomlpJobInput, "method" | "until" | "resume" | "strict"> {
  /** Seed of weights, order and dropout. Default: 2023. */
  seed?: number;
}

/** Options of {@link AutoMLP.fit}: where it keeps its work. */
export interface FitOptions extends StageContext {
  /** The run folder. Default: `runs/NAME` by the dataset's name, or `runs/NAME-2` … if that exists. */
  out?: string;
  /**
   * Continue the run in the folder, or begin one if there is none, so that a notebook cell can be run again. A run is never replaced.
   * Default: false.
   */
  resume?: boolean;
}

/** A folder as it was named, or by its absolute path if the working directory has changed since. */
const inWorkingFolder = ({ out, place }: { out: string; place: string }): string =>
  absolutePath(out) === place ? out : place;

/** A trained run, its dataset and its model. */
interface Fitted {
  run: RunFolder;
  dataset: SequenceDataset;
  loaded: LoadedModel;
}

/**
 * AutoMLP, from options to recommendations: it searches the length of the short-term module, trains the network with it, and keeps the
 * weights of the best epoch. All work is saved in a run folder, so that nothing is lost if it is stopped: calling {@link AutoMLP.fit} again
 * continues it. It can be evaluated and compared like any method, and displays itself.
 *
 * @example
 * ```ts
 * import { AutoMLP, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const options = { lengths: [2, 5], length: 10, dim: 8, layers: 1, searchEpochs: 1, epochs: 1 };
 * const model = await new AutoMLP(options).fit(dataset, { out: `${out}/run` });
 * console.log(await model.recommend({ users: ["u0001", "u0002"], k: 5 }));
 * await model.save(`${out}/kept`);
 * const again = await AutoMLP.load(`${out}/kept`);
 * console.log(again.architecture.shortTermLength);
 * ```
 */
export class AutoMLP extends Shown implements Recommender {
  /** Name of the method. */
  readonly name = "AutoMLP";
  #fitted?: Fitted;
  /** A fit that was stopped: its folder as it was named, the absolute path of that, and the dataset's hash. */
  #begun?: { out: string; place: string; hash: string };

  /**
   * Checks the options, and does nothing else yet.
   *
   * @param options Options of network, search and training.
   * @throws {InputError} if an option does not exist, or a value is not valid.
   */
  constructor(readonly options: AutomlpOptions = {}) {
    super();
    const { seed: _, ...job } = options;
    checkOptions(optionsSchema, options);
    const checked = checkOptions(jobSchema, withStart(job));
    checkJob(checked);
    checkCandidates(checked, job);
  }

  /**
   * Searches and trains, from fresh weights or, with the option `startFrom`, from those of a run, whose length it keeps. If it is stopped,
   * the work done so far is kept; called again with the same dataset, it continues.
   *
   * @param dataset The dataset: it learns from the training part, and chooses the epoch on the validation part.
   * @returns This object.
   * @throws {InputError} if the dataset lacks something, there is not enough memory, or the folder is not free.
   * @throws {Interrupted} if `signal` is aborted.
   */
  async fit(dataset: SequenceDataset, options: FitOptions = {}): Promise<this> {
    const { out, resume = false, ...context } = options;
    const { hash, name } = dataset.manifest, { seed = DEFAULT_SEED, ...job } = this.options;
    const begun = this.#begun?.hash === hash && (out === undefined || absolutePath(out) === this.#begun.place)
      ? inWorkingFolder(this.#begun)
      : undefined;
    const known = begun ?? out;
    using chosen = known === undefined ? chooseFolder(defaultRunFolder({ name })) : undefined;
    const folder = known ?? chosen!.path;
    const place = absolutePath(folder);
    const goOn = resume || (begun !== undefined && holdsRun(folder));
    this.#begun = undefined;
    try {
      const { run } = await runJobAt(dataset, { ...job, until: "retrain", resume: goOn }, {
        out: folder,
        seed,
        command: "new AutoMLP(…).fit(…)",
        ...context,
      });
      await this.#take(run, dataset);
    } catch (error) {
      // What was refused, such as a folder that already holds a run, cannot be resumed.
      if (goesOnBy(error, "call fit again with the same dataset")) this.#begun = { out: folder, place, hash };
      throw error;
    }
    return this;
  }

  async #take(run: RunFolder, dataset: SequenceDataset, engine?: Engine): Promise<void> {
    const loaded = await putOnEngine(run, dataset, { engine });
    this.#fitted?.loaded.dispose();
    this.#fitted = { run, dataset, loaded };
    trainedOn(this, dataset);
  }

  #learnt(): Fitted {
    if (this.#fitted) return this.#fitted;
    throw new InputError("Cannot use this AutoMLP: it has learnt nothing yet; await fit(dataset) first");
  }

  /** Result of the search. */
  get architecture(): Architecture {
    return this.#learnt().run.read("architecture")!;
  }

  /** Loss and validation metrics of each epoch. */
  get history(): TrainRecord[] {
    return this.#learnt().run.read("trainHistory");
  }

  /** The run folder, with the search, the training and the model. */
  get run(): RunFolder {
    return this.#learnt().run;
  }

  /** Number of items. */
  get items(): number {
    return this.#learnt().loaded.model.items;
  }

  /** Number of trained parameters. */
  get parameters(): number {
    return this.#learnt().loaded.model.parameters;
  }

  /** T, the maximum length of a history. */
  get length(): number | undefined {
    return this.#learnt().loaded.model.length;
  }

  /** See {@link Recommender.keepSeen}. */
  get keepSeen(): boolean | undefined {
    return this.#learnt().loaded.model.keepSeen;
  }

  /** See {@link Recommender.score}. */
  async score(histories: Histories, lengths?: Uint32Array): Promise<Float32Array> {
    return await this.#learnt().loaded.model.score(histories, lengths);
  }

  /**
   * Recommends the next items for all users, or for those that the options name; see {@link recommend}. If the options do not say whether
   * items that users had before are included, that is as the model was made.
   */
  async recommend(options: RecommendOptions = {}): Promise<DataFrame> {
    const { loaded, dataset } = this.#learnt();
    return await recommend(loaded.model, dataset, options);
  }

  /**
   * Evaluates the model on the test part of its dataset. Unless the options say otherwise (see {@link evaluate}), the cut-offs, and whether
   * items that users had before are ranked, are as the model was made.
   */
  async evaluate(options: EvaluateOptions = {}): Promise<Evaluation> {
    const { seed = DEFAULT_SEED, ks } = this.options, { dataset } = this.#learnt();
    return await evaluate(this, dataset, {
      seed,
      ...options,
      ks: options.ks ?? (ks === undefined ? undefined : [ks].flat()),
    });
  }

  /**
   * Copies the run to another folder, where `deno task evaluate FOLDER` and other commands work too.
   *
   * @param folder Default: `runs/NAME` by the dataset's name, or `runs/NAME-2` … if that exists; a remark says which.
   * @returns The folder, for {@link AutoMLP.load}.
   * @throws {InputError} if the folder is not free.
   */
  async save(folder?: string): Promise<string> {
    const { run, dataset } = this.#learnt();
    using chosen = folder === undefined ? chooseFolder(defaultRunFolder(dataset.manifest)) : undefined;
    const place = folder ?? chosen!.path;
    await run.copyTo(place);
    if (folder === undefined) contextOf({}).progress.remark?.(`Saved to ${place}`);
    return place;
  }

  /**
   * Loads the model of a run folder, written by {@link AutoMLP.save}, {@link AutoMLP.fit} or `deno task pipeline`. If the training has not
   * finished, it is the best epoch so far, with a warning.
   *
   * @param options.dataset The dataset's folder, if it has moved.
   * @throws {InputError} if there is no run, it is not a run of AutoMLP, it has no trained network yet, or its dataset is gone.
   */
  static async load(
    folder: string,
    options: { dataset?: string; engine?: Engine } = {},
  ): Promise<AutoMLP> {
    const { dataset: moved, engine } = options;
    const { folder: run, options: own, facts, dataset } = await reopenRun(folder, moved);
    if (!isAutomlp(own)) {
      throw new InputError(
        `Cannot load ${folder} as AutoMLP: it is a run of ${facts.title}; take loadModel`,
      );
    }
    // A run without a search has candidates on record that were not used.
    const unused = own.search === "none" ? "lengths" : undefined;
    const given = Object.entries(own).filter(([key]) => key in optionsSchema.shape && key !== unused);
    if (!run.hasModel) {
      throw new InputError(
        `Cannot load ${folder}: its network is not trained yet; continue with ${
          resumeCommand("pipeline", folder)
        }`,
      );
    }
    const { method } = run.readModelConfig() ?? own;
    if (!isAutomlp({ method })) {
      throw new InputError(
        `Cannot load ${folder} as AutoMLP: its model is one of ${methodOf({ method }).title}; take loadModel`,
      );
    }
    warnOfUnfinished(run, contextOf({}).progress);
    const loaded = new AutoMLP({ ...Object.fromEntries(given), seed: facts.seed });
    await loaded.#take(run, dataset, engine);
    return loaded;
  }

  /** Frees the model's tensors; {@link AutoMLP.fit} makes new ones. */
  dispose(): void {
    this.#fitted?.loaded.dispose();
    this.#fitted = undefined;
  }

  /** Frees the model's tensors at the end of a block in which it was declared with `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Returns the model as text, for a terminal: its options, or what it learnt. */
  toString(): string {
    return String(this.#fitted?.run ?? unfittedText(this.options, this.#begun?.out));
  }

  /** Returns the model as an HTML fragment, for a notebook. */
  toHtml(): string {
    return this.#fitted ? this.#fitted.run.toHtml() : line(this.toString());
  }
}
