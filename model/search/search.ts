/**
 * The differentiable search for the short-term length: candidate modules side by side, weighed by softmax(α); α learns on
 * validation data, the weights on training data, in turn.
 *
 * Source: AutoMLP (WWW 2023), "Short-term Interest Module" and "Training", after DARTS (ICLR 2019).
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkNetworkOf } from "../automlp/build.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import { entropy, softmax } from "../records/probabilities.ts";
import type { Engine } from "../backend/types.ts";
import { estimateMemory } from "../automlp/memory.ts";
import { checkMemory } from "../memory/check.ts";
import { countsOf } from "../memory/estimate.ts";
import type { Architecture, SearchRecord, SearchStep } from "../records/records.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { damagedCheckpoint } from "../train/checkpoint_state.ts";
import { changed, type Changes } from "../train/warm_start.ts";
import type { LoopLease } from "../train/loop.ts";
import { Session } from "../train/session.ts";
import { Cursor, epochOrder } from "../train/order.ts";
import { CandidateDraw, expectedLoss } from "./expected_loss.ts";
import { AlphaAdam } from "./alpha.ts";
import { firstOrder, secondOrder } from "./architect.ts";
import { Trainer, type TrainingPass } from "./trainer.ts";
import { TemperatureScaling } from "./temperature_scaling.ts";
import { warmStartSearch } from "./warm_start.ts";
import { resolveSearch } from "./options.ts";
import { BilevelStep } from "./bilevel_step.ts";
import { selectLength, type SelectOptions } from "./select.ts";
import { searchHtml, searchRecord, searchRecords, searchStep, searchText } from "../views/search.ts";
import type { SearchOptions, SearchState } from "./state.ts";

const WORDING = {
  verb: "search",
  noun: "the search",
  epoch: (number: number) => `search, epoch ${number}`,
  doing: (number: number) => `searching, epoch ${number}`,
  kept: "α as it stands is kept",
};

/**
 * A search, to be driven step by step, epoch by epoch, or to its end:
 *
 * ```ts
 * import { networkFor, openEngine, prepare, Search } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const config = networkFor(dataset, { candidates: [2, 3, 5], length: 10, dim: 8, layers: 1 });
 * const search = new Search(await openEngine(), dataset, config, { epochs: 1 });
 * for await (const { probabilities } of search) console.log(probabilities);
 * console.log(search.select().shortTermLength);
 * search.dispose();
 * ```
 *
 * Between two steps the rates and the number of epochs may be changed, and {@link Search.with} continues with other candidates
 * or data. It shows itself in a notebook and as text.
 */
export class Search extends Session<SearchRecord, SearchOptions> {
  readonly options: SearchOptions;
  readonly #trainer: Trainer;
  readonly #validation: Cursor;
  readonly #alpha: AlphaAdam;
  readonly #calibration = new TemperatureScaling();
  readonly #draw: CandidateDraw;
  /** α, entropy and losses over time; shows itself like the search. */
  history: SearchRecord[];
  #sums: SearchState["sums"] = [0, 0, 0];

  constructor(
    engine: Engine,
    dataset: SequenceDataset,
    readonly config: NetworkConfig,
    input: Partial<SearchOptions> = {},
  ) {
    super(engine, dataset, WORDING);
    const options = this.options = resolveSearch(input);
    this.history = searchRecords([], config.candidates);
    const kind = options.order === 2 ? "second order" : options.relaxation;
    checkNetworkOf(dataset, config);
    const estimate = estimateMemory(config, { kind, settings: options }, countsOf(dataset), engine);
    checkMemory("search", estimate, engine);
    const { train, validation } = searchRows(dataset, options);
    this.#trainer = new Trainer(engine, dataset, config, options, train, "search");
    this.#validation = new Cursor(validation, options.batchSize, "search/alpha", options.seed);
    this.#alpha = new AlphaAdam(config.candidates.length, options.alphaRate);
    this.#draw = new CandidateDraw(config.candidates.length, options.seed);
  }

  /** All trained tensors. */
  get specs(): readonly ParameterSpec[] {
    return this.#trainer.parts.optimizer.specs;
  }

  /** [candidates], as they stand. */
  get alpha(): Float64Array {
    return this.#alpha.values;
  }

  /** softmax(α) */
  get probabilities(): Float64Array {
    return softmax(this.alpha);
  }

  /** The lengths that are searched, in the order of α. */
  get candidates(): readonly number[] {
    return this.config.candidates;
  }

  /** Learning rate of the weights; may be changed between steps. */
  get rate(): number {
    return this.options.rate;
  }
  set rate(rate: number) {
    this.options.rate = this.#trainer.parts.optimizer.rate = rate;
  }

  /** Learning rate of α; may be changed between steps. */
  get alphaRate(): number {
    return this.options.alphaRate;
  }
  set alphaRate(rate: number) {
    this.options.alphaRate = this.#alpha.rate = rate;
  }

  protected get cursor(): Cursor {
    return this.#trainer.cursor;
  }

  /** Finished epochs. */
  get finished(): number {
    return this.#trainer.cursor.epoch;
  }

  /** Whether there is nothing left to do: all epochs done, or no time left. */
  get done(): boolean {
    return this.timedOut || this.finished >= this.epochs;
  }

  /**
   * One step of α on a validation batch, then one of the weights on a training batch. In the second order both are taken from where the weights and
   * α stood before: the gradient that leads to W′ is the one that the weights follow.
   */
  step(): SearchStep {
    const started = performance.now(), { relaxation, order, warmup, epochs, every } = this.options;
    const { cursor } = this.#trainer, number = cursor.total;
    // Once α learns, more epochs do not stop it.
    const warm = this.#alpha.step > 0 || number >= warmup * epochs * cursor.batches;
    const judge = (training?: TrainingPass) => {
      const { loss, gradient } = relaxation === "losses"
        ? this.#judgeLosses(number)
        : this.#judgeOutputs(number, training);
      if (warm) this.#alpha.apply(gradient);
      return loss;
    };
    let validationLoss = NaN, trainLoss: number;
    if (order === 2 && warm) {
      trainLoss = this.#trainer.step(this.alpha, (training) => void (validationLoss = judge(training)));
    } else {
      validationLoss = judge();
      trainLoss = this.#trainer.step(
        relaxation === "losses" ? { candidate: this.#draw.at(number) } : this.alpha,
      );
    }
    this.seconds += (performance.now() - started) / 1000;
    this.#sums = [this.#sums[0] + trainLoss, this.#sums[1] + validationLoss, this.#sums[2] + 1];
    if ((number + 1) % every === 0 || cursor.batch === 0) this.#record();
    return searchStep({ trainLoss, validationLoss });
  }

  #judgeLosses(number: number): Judgement {
    const { optimizer, objective } = this.#trainer.parts;
    const example = objective.example(this.#validation.next(), number);
    return expectedLoss(this.alpha, objective.losses(optimizer.weights, example));
  }

  /** @param training For the second order: the pass that the weights' step follows. */
  #judgeOutputs(number: number, training?: TrainingPass): Judgement {
    const { objective } = this.#trainer.parts;
    const example = objective.example(this.#validation.next(), number);
    const problem = new BilevelStep(this.#trainer, this.alpha, example, this.#calibration.scale, training);
    const gradient = training ? secondOrder(problem, this.options.rate) : firstOrder(problem);
    this.#calibration.apply(problem.dScale);
    return { loss: problem.validationLoss, gradient };
  }

  #record(): void {
    const probabilities = Array.from(this.probabilities), [train, validation, steps] = this.#sums;
    this.#sums = [0, 0, 0];
    const record: SearchRecord = {
      epoch: Math.ceil(this.#trainer.cursor.total / this.#trainer.cursor.batches),
      step: this.#trainer.cursor.total,
      alpha: Array.from(this.alpha),
      probabilities,
      entropy: entropy(probabilities),
      trainLoss: train / steps,
      validationLoss: validation / steps,
      seconds: this.seconds,
    };
    this.history.push(searchRecord(record, this.candidates));
  }

  protected whyDone(): string {
    return this.finished >= this.epochs
      ? `all ${this.epochs} epochs are done; raise search.epochs to continue`
      : "no time is left; continue in a new search with a later deadline";
  }

  protected async runEpoch(lease: LoopLease): Promise<SearchRecord | undefined> {
    if (await this.stepsOfEpoch(lease, () => this.#leader()) === undefined) return undefined;
    if (this.#sums[2] > 0) this.#record();
    await this.onEpoch?.(this);
    return this.history.at(-1)!;
  }

  /** Who leads; nobody while α has not begun to learn. */
  #leader(): string | undefined {
    const p = this.probabilities, best = p.indexOf(Math.max(...p));
    if (p.every((share) => share === p[best])) return undefined;
    return `k = ${this.config.candidates[best]} leads with ${(100 * p[best]).toFixed(0)} %`;
  }

  /** All epochs that are left, then {@link Search.select}. Paused, it selects by α as it stands. */
  async run(options?: Omit<SelectOptions, "method">): Promise<Architecture> {
    for await (const _epoch of this);
    return this.select(options);
  }

  /** The length that α stands for. */
  select(options: Omit<SelectOptions, "method"> = {}): Architecture {
    const { relaxation, order } = this.options;
    const method = relaxation === "losses"
      ? "darts-losses"
      : order === 2
      ? "darts-second-order"
      : "darts-first-order";
    return selectLength(this.config.candidates, this.alpha, { ...options, method });
  }

  /** All that is needed to resume later with the same result. */
  state(): SearchState {
    const { cursor, parts: { optimizer } } = this.#trainer;
    return {
      optimizer: optimizer.state(),
      alpha: this.#alpha.state(),
      calibration: this.#calibration.state(),
      train: [cursor.epoch, cursor.batch],
      validation: [this.#validation.epoch, this.#validation.batch],
      seconds: this.seconds,
      sums: this.#sums,
      history: [...this.history],
    };
  }

  /**
   * Goes to a saved state.
   *
   * @param from Where it is from, for messages.
   * @throws {InputError} if it is not one of such a search. Then nothing has changed.
   */
  restore(state: SearchState, from = "the checkpoint"): void {
    const { cursor, parts: { optimizer } } = this.#trainer;
    optimizer.check(state.optimizer, from);
    if (state.alpha.values.length !== this.candidates.length) {
      throw damagedCheckpoint(
        from,
        `α of ${state.alpha.values.length} candidates, not ${this.candidates.length}`,
      );
    }
    for (const [place, [, batch]] of [[cursor, state.train], [this.#validation, state.validation]] as const) {
      if (!place.has(batch)) throw damagedCheckpoint(from, `batch ${batch} of ${place.batches}`);
    }
    optimizer.restore(state.optimizer);
    this.#alpha.restore(state.alpha);
    this.#calibration.restore(state.calibration);
    cursor.seek(...state.train);
    this.#validation.seek(...state.validation);
    this.seconds = state.seconds;
    this.#sums = state.sums;
    this.history = searchRecords(state.history, this.candidates);
  }

  /**
   * A new search that continues where this one stands, with other candidates, data, sizes or options. Weights and Adam's
   * moments of the same name and shape are taken over, on other data by the ids of items and the values of features; so is α
   * of the candidates that stay, while new ones begin at its mean. What cannot be taken over starts from scratch, with a warning.
   * This search stays as it is, with its tensors: dispose of it when it has served.
   *
   * @throws {InputError} where the data have no item in common.
   */
  with(changes: Changes<SearchOptions> = {}): Search {
    const { dataset, config, options } = changed(this, changes);
    const next = new Search(this.engine, dataset, config, options);
    return Session.begin(next, () => next.restore(warmStartSearch(this, next)));
  }

  toString(): string {
    return searchText(this);
  }

  protected html(): Promise<string> {
    return searchHtml(this);
  }

  dispose(): void {
    this.#trainer.dispose();
  }
}

/** What a validation batch says of α. */
interface Judgement {
  loss: number;
  gradient: Float64Array;
}

/** Rows that W learns from, and rows that α learns from. */
function searchRows(
  dataset: SequenceDataset,
  { alphaData, seed }: SearchOptions,
): { train: Uint32Array; validation: Uint32Array } {
  const targets = dataset.targets("train");
  if (alphaData === "validation") return { train: targets, validation: dataset.targets("validation") };
  const shuffled = epochOrder(targets, "search/held out", seed, 0);
  const held = Math.max(1, Math.round(alphaData * targets.length));
  return { train: shuffled.slice(held).sort(), validation: shuffled.slice(0, held).sort() };
}
