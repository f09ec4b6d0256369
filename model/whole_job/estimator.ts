/**
 * AutoMLP in the shape that scikit-learn gave to what learns: options, `fit`, `recommend`, `save`, `load`.
 *
 * @module
 */
import {
  AN_OBJECT,
  checkCall,
  FOLDER,
  NUMBER,
  orNothing,
  SWITCH,
} from "../../pipeline/contract/options/arguments.ts";
import { absolutePath } from "../../pipeline/contract/files/literal.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { goesOnBy } from "../../pipeline/contract/errors/writing_failed.ts";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { checkKnown } from "../../pipeline/contract/options/known.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { defaultRunFolder } from "../../pipeline/terminal/launch/run_place.ts";
import { ENGINE, type Engine } from "../backend/types.ts";
import { evaluate, type EvaluateOptions } from "../evaluate/evaluate.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { runJobAt } from "../experiment/job.ts";
import type { AutomlpJobInput } from "../experiment/job_options.ts";
import { checkCandidates, checkJob, isAutomlp, jobSchema } from "../experiment/options.ts";
import { reopenRun } from "../experiment/reopen.ts";
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
import { unfittedText } from "../views/estimator.ts";
import { resumeCommand } from "../views/resume_command.ts";
import { chooseFolder, holdsRun } from "../runs/free_folder.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";

/** Of a job, what an {@link AutoMLP} has no use for: it is one method, and says itself how far it goes. */
const OTHERS = { method: true, sizes: true, trainOn: true, until: true, resume: true, strict: true } as const;
const optionsSchema = jobSchema.omit(OTHERS).extend({ seed: settingsShape.seed });

/** Options of an {@link AutoMLP}: those of network, search and training, as `deno task search --help-all` has them. All may be left out. */
export interface AutomlpOptions extends Omit<AutomlpJobInput, "method" | "until" | "resume" | "strict"> {
  /** Of weights, order and dropout. Default: 2023. */
  seed?: number;
}

/** Where {@link AutoMLP.fit} keeps what it does. */
export interface FitOptions extends StageContext {
  /** The run folder. Default: `runs/NAME` by the dataset's name, or `runs/NAME-2` … where there is one. */
  out?: string;
  /** Go on with the run that is in the folder, or begin it: a notebook's cell that says so may be run again. A run is never replaced. Default: false. */
  resume?: boolean;
}

/** A folder as it was named, or, where the working folder is another since, by its place. */
const inWorkingFolder = ({ out, place }: { out: string; place: string }): string =>
  absolutePath(out) === place ? out : place;

/** What was learnt, and on what. */
interface Fitted {
  run: RunFolder;
  dataset: SequenceDataset;
  loaded: LoadedModel;
}

/**
 * AutoMLP, from options to recommendations: the length of the short-term module is searched, the network trained with it, and the weights of the best epoch
 * kept. What it does goes into a run folder, so that nothing is lost if it is stopped: {@link AutoMLP.fit} called again goes on. It evaluates and compares as any method
 * does, and shows itself.
 *
 * @example
 * ```ts
 * import { AutoMLP, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const options = { candidates: [2, 5], length: 10, dim: 8, layers: 1, searchEpochs: 1, epochs: 1 };
 * const model = await new AutoMLP(options).fit(dataset, { out: `${out}/run` });
 * console.log(await model.recommend({ users: ["u0001", "u0002"], k: 5 }));
 * await model.save(`${out}/kept`);
 * const again = await AutoMLP.load(`${out}/kept`);
 * console.log(again.architecture.shortTermLength);
 * ```
 */
export class AutoMLP extends Shown implements Recommender {
  /** As people call it. */
  readonly name = "AutoMLP";
  #fitted?: Fitted;
  /** A fit that was stopped, by its folder as it was named, and where that is. */
  #begun?: { out: string; place: string; hash: string };

  /**
   * Checks the options, and does nothing yet.
   *
   * @param options Of network, search and training.
   * @throws {InputError} if there is no such option, or a value does not fit.
   */
  constructor(readonly options: AutomlpOptions = {}) {
    super();
    checkCall("new AutoMLP({ epochs: 10 })", [options, AN_OBJECT]);
    const { seed, ...job } = options;
    checkKnown("make an AutoMLP", { seed }, { seed: NUMBER });
    checkOptions(optionsSchema, options);
    const checked = checkOptions(jobSchema, withStart(job));
    checkJob(checked);
    checkCandidates(checked, job);
  }

  /**
   * Searches and trains, from fresh weights or, with the option `startFrom`, those of a run, whose length it keeps. Stopped, it keeps what was done; called again with the same dataset it goes on.
   *
   * @param dataset What it learns from: the training part; the epoch is chosen on the validation part.
   * @returns Itself.
   * @throws {InputError} if the dataset lacks something, memory does not suffice, or the folder is not free.
   * @throws {Interrupted} if `signal` is aborted.
   */
  async fit(dataset: SequenceDataset, options: FitOptions = {}): Promise<this> {
    checkCall("model.fit(dataset)", [dataset, DATASET], [options, AN_OBJECT]);
    checkKnown("fit", options, { out: FOLDER, resume: SWITCH });
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
      // What was refused, as a folder with somebody's run in it, cannot be resumed.
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

  /** What the search found. */
  get architecture(): Architecture {
    return this.#learnt().run.readArchitecture()!;
  }

  /** Loss and validation metrics by epoch. */
  get history(): TrainRecord[] {
    return this.#learnt().run.readTrainHistory();
  }

  /** The folder of the run: its search, its training, its model. */
  get run(): RunFolder {
    return this.#learnt().run;
  }

  /** Number of items. */
  get items(): number {
    return this.#learnt().loaded.model.items;
  }

  /** Trained numbers. */
  get parameters(): number {
    return this.#learnt().loaded.model.parameters;
  }

  /** Longest history that counts, T. */
  get length(): number | undefined {
    return this.#learnt().loaded.model.length;
  }

  /** See {@link Recommender.score}. */
  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    return await this.#learnt().loaded.model.score(histories, candidates);
  }

  /**
   * The next items of all users, or of those that the options name; see {@link recommend}. With or without what users had before as it was made, where
   * the options do not say it.
   */
  async recommend(options: RecommendOptions = {}): Promise<DataFrame> {
    checkCall('model.recommend({ users: ["u1"], k: 10 })', [options, AN_OBJECT]);
    const { loaded, dataset, run } = this.#learnt();
    return await recommend(loaded.model, dataset, {
      ...options,
      keepSeen: options.keepSeen ?? run.keepsSeen,
    });
  }

  /**
   * Its metrics on the test part of the data that it learnt from, at the cut-offs and with or without what users had before as it was made; or as
   * the options say, see {@link evaluate}.
   */
  async evaluate(options: EvaluateOptions = {}): Promise<Evaluation> {
    const { seed = DEFAULT_SEED, ks } = this.options, { dataset, run } = this.#learnt();
    return await evaluate(this, dataset, {
      seed,
      ...options,
      ks: options.ks ?? (ks === undefined ? undefined : [ks].flat()),
      keepSeen: options.keepSeen ?? run.keepsSeen,
    });
  }

  /**
   * Copies its run to another folder: `deno task evaluate FOLDER` and the like work there too.
   *
   * @param folder Default: `runs/NAME` by the dataset's name, or `runs/NAME-2` … where there is a run; a remark says which.
   * @returns The folder, for {@link AutoMLP.load}.
   * @throws {InputError} if something is there.
   */
  async save(folder?: string): Promise<string> {
    checkCall('model.save("runs/mine")', [folder, orNothing(FOLDER)]);
    const { run, dataset } = this.#learnt();
    using chosen = folder === undefined ? chooseFolder(defaultRunFolder(dataset.manifest)) : undefined;
    const place = folder ?? chosen!.path;
    await run.copyTo(place);
    if (folder === undefined) contextOf({}).progress.remark?.(`Saved to ${place}`);
    return place;
  }

  /**
   * What a run folder holds: one of {@link AutoMLP.save}, {@link AutoMLP.fit}, or of `deno task pipeline`. Of a training that has not come to its end
   * it is the best epoch so far, with a warning.
   *
   * @param options.dataset The dataset's folder, if it is not any more where it was.
   * @throws {InputError} if there is no run, it is not one of AutoMLP, it has no trained network yet, or its dataset is gone.
   */
  static async load(
    folder: string,
    options: { dataset?: string; engine?: Engine } = {},
  ): Promise<AutoMLP> {
    checkCall('AutoMLP.load("runs/mine")', [folder, FOLDER], [options, AN_OBJECT]);
    checkKnown("load the run", options, { dataset: FOLDER, engine: ENGINE });
    const { dataset: moved, engine } = options;
    const { folder: run, options: own, facts, dataset } = await reopenRun(folder, moved);
    if (!isAutomlp(own)) {
      throw new InputError(
        `Cannot load ${folder} as AutoMLP: it is a run of ${facts.method?.title}; take loadModel`,
      );
    }
    // A run without a search has the candidates on record that nobody chose from.
    const unused = own.search === "none" ? "candidates" : undefined;
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

  /** Frees its tensors; {@link AutoMLP.fit} makes new ones. */
  dispose(): void {
    this.#fitted?.loaded.dispose();
    this.#fitted = undefined;
  }

  /** The same at the end of a block, where it was declared by `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** As text, for a terminal: what it was told, or what it learnt. */
  toString(): string {
    return String(this.#fitted?.run ?? unfittedText(this.options, this.#begun?.out));
  }

  /** As an HTML fragment for a notebook. */
  toHtml(): string {
    return this.#fitted ? this.#fitted.run.toHtml() : line(this.toString());
  }
}
