/**
 * The differentiable search for the short-term length: candidate modules side by side, weighed by softmax(α). α
 * learns from held-out data and the weights from training data, in turn. The candidates' losses on the same held-out
 * batches are the evidence that the length is selected by.
 *
 * Source: AutoMLP (WWW 2023), "Short-term Interest Module" and "Training", after DARTS (ICLR 2019).
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkNetworkOf } from "../methods/automlp/method.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import { entropy, softmax } from "../records/probabilities.ts";
import { checkPrecision } from "../backend/precision.ts";
import type { Engine } from "../backend/types.ts";
import type {
  Architecture,
  DroppedCandidate,
  Evidence,
  SearchRecord,
  SearchStep,
} from "../records/records.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { candidateLabel, candidateNames } from "../records/candidates.ts";
import { placeAfter } from "../records/epochs.ts";
import { damagedCheckpoint } from "../train/checkpoint_state.ts";
import type { MethodConfig } from "../train/method.ts";
import { resolveOptions } from "../train/options.ts";
import { changed, type Changes } from "../train/warm_start.ts";
import type { LoopLease } from "../train/loop.ts";
import { Session } from "../train/session.ts";
import type { Cursor } from "../train/order.ts";
import { settingsShape } from "../train/settings.ts";
import { Comparison, type SearchSteps } from "./evidence.ts";
import { searchConcerns } from "./concerns.ts";
import { AlphaAdam } from "./alpha.ts";
import { HeldOut, searchTargets } from "./held_out.ts";
import { checkSearchMemory } from "./memory.ts";
import { MixedOutputs } from "./mixed_outputs.ts";
import { OwnLosses } from "./own_losses.ts";
import { SearchPlace } from "./place.ts";
import { RecentLosses } from "./recent_losses.ts";
import { Trainer } from "./trainer.ts";
import { warmStartSearch } from "./warm_start.ts";
import { resolveSearch, searchShape } from "./options.ts";
import { selectLength } from "./select.ts";
import {
  nothingToSearch,
  onlyCandidate,
  searchCurves,
  searchHtml,
  searchRecord,
  searchRecords,
  searchStep,
  searchText,
} from "../views/search.ts";
import { type EarlyEnd, endedEarly } from "../views/epochs.ts";
import type { SearchOptions, SearchState } from "./state.ts";

const WORDING = {
  verb: "search",
  noun: "the search",
  epoch: (number: number) => `search, epoch ${number}`,
  doing: (epoch: string) => `searching, epoch ${epoch}`,
  kept: "α as it stands is kept",
  check: (options: object) => void resolveOptions({ ...settingsShape, ...searchShape }, options, "search"),
};

/**
 * A search that runs step by step, epoch by epoch, or to its end:
 *
 * ```ts
 * import { networkFor, openEngine, prepare, Search } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const config = networkFor(dataset, { lengths: [2, 3, 5], length: 10, dim: 8, layers: 1 });
 * const search = new Search(await openEngine(), dataset, config, { epochs: 1 });
 * for await (const { probabilities } of search) console.log(probabilities);
 * console.log(search.select().shortTermLength);
 * search.dispose();
 * ```
 *
 * Between two steps, the rates and the number of epochs may be changed, and {@link Search.with} continues with other
 * candidates or data. A search shows itself in a notebook and as text.
 */
export class Search extends Session<SearchRecord, SearchOptions> {
  /** The search's own copy of the options, with defaults filled in. */
  readonly options: SearchOptions;
  readonly #trainer: Trainer;
  readonly #heldOut: HeldOut;
  /** The losses that candidates are judged by. */
  readonly #own: OwnLosses;
  /** Used only if outputs are mixed. */
  readonly #mixed: MixedOutputs;
  readonly #comparison: Comparison;
  readonly #alpha: AlphaAdam;
  #history: SearchRecord[];
  readonly #place: SearchPlace;
  readonly #recent = new RecentLosses();
  /** Remark on what the search leaves out; undefined if nothing. */
  readonly #leftOut?: string;

  /**
   * Starts with fresh weights and with α at zero.
   *
   * @param engine The engine that it computes on.
   * @param dataset The dataset that it learns from.
   * @param config The network; its candidates are the lengths to choose from.
   * @param input The options; those left out have their defaults.
   * @throws {InputError} if an option does not fit, or the network does not fit this dataset.
   */
  constructor(
    engine: Engine,
    dataset: SequenceDataset,
    readonly config: NetworkConfig,
    input: Partial<SearchOptions> = {},
  ) {
    refuseEnsemble(config);
    super(engine, dataset, WORDING);
    const options = this.options = resolveSearch(input, dataset);
    checkNetworkOf(dataset, config);
    checkPrecision(engine, options);
    this.#history = searchRecords([], this.#names);
    checkSearchMemory(engine, dataset, config, options);
    const { train, heldOut, remark } = searchTargets(dataset, options);
    this.#leftOut = remark;
    this.#trainer = new Trainer(engine, dataset, config, options, train, "search");
    const { margin, search, elimination, batchSize: size, seed } = options;
    // If outputs are mixed, the other modules would miss one that is dropped.
    const eliminates = elimination && search === "shared";
    this.#comparison = new Comparison(config.lengths.length, margin, eliminates);
    this.#alpha = new AlphaAdam(config.lengths.length, options.alphaRate);
    this.#heldOut = new HeldOut(dataset, heldOut, { size, longest: config.lengths.at(-1)!, seed });
    this.#own = new OwnLosses(this.#trainer, this.#alpha, this.#comparison, this.#heldOut, options);
    this.#mixed = new MixedOutputs(this.#trainer, this.#alpha, heldOut, options);
    this.#place = new SearchPlace({
      train: this.#trainer.cursor,
      validation: this.#mixed.cursor,
      heldOut: this.#heldOut.cursor,
    });
  }

  /** α, entropy and losses over time; it shows itself like the search. */
  get history(): readonly SearchRecord[] {
    return this.#history;
  }

  /** All trained tensors. */
  get specs(): readonly ParameterSpec[] {
    return this.#trainer.optimizer.specs;
  }

  /** Current α, [candidates]. */
  get alpha(): Float64Array {
    return this.#alpha.values;
  }

  /** softmax(α); 0 for candidates that were dropped. */
  get probabilities(): Float64Array {
    return softmax(this.alpha.map((value, place) => this.#comparison.has(place) ? value : -Infinity));
  }

  /**
   * How far each candidate is behind the best in loss on held-out targets, and how certain that is, [candidates]:
   * over the later half of the steps in which α has learnt. Undefined while there is too little to judge by.
   */
  get evidence(): Evidence[] | undefined {
    return this.#comparison.evidence();
  }

  /** Candidates that were dropped because they are clearly worse. */
  get dropped(): readonly DroppedCandidate[] {
    return this.#comparison.dropped;
  }

  /** Number of steps between two judgements of the candidates, once α learns. */
  get judgedEvery(): number {
    return this.#comparison.interval;
  }

  /** The lengths to choose from, in the order of α, [candidates]. */
  get lengths(): readonly number[] {
    return this.config.lengths;
  }

  get #names(): string[] {
    return candidateNames(this);
  }

  /** Learning rate of the weights; may be changed between steps. With 0 they stay as they are. */
  get rate(): number {
    return this.options.rate;
  }
  set rate(rate: number) {
    this.options.rate = this.#trainer.optimizer.rate = this.checkedRate("rate", rate);
  }

  /** Learning rate of α; may be changed between steps. With 0 it stays as it is. */
  get alphaRate(): number {
    return this.options.alphaRate;
  }
  set alphaRate(rate: number) {
    this.options.alphaRate = this.#alpha.rate = this.checkedRate("alphaRate", rate);
  }

  /** @internal */
  protected get cursor(): Cursor {
    return this.#trainer.cursor;
  }

  /** Number of finished epochs. */
  get finished(): number {
    return this.#trainer.cursor.epoch;
  }

  /** Whether there is nothing left to do: all epochs done, no time left, or an answer that can no longer change. */
  get done(): boolean {
    return this.timedOut || this.settled !== undefined || this.finished >= this.epochs;
  }

  /**
   * How the search ended, if its answer can no longer change.
   *
   * @internal
   */
  protected override get settled(): EarlyEnd | undefined {
    const { ended } = this.#comparison;
    return ended && endedEarly(ended);
  }

  /** The steps of the search; once α learns, raising the number of epochs does not stop it. */
  get #plan(): SearchSteps {
    const { warmup, epochs } = this.options, steps = epochs * this.#trainer.cursor.batches;
    return { first: Math.ceil(warmup * steps), steps };
  }

  /**
   * Takes one step of α on held-out targets, if it is due, then one of the weights on a training batch. With
   * `shared`, α learns once in several steps, less often the more candidates there are; where outputs are mixed, in each
   * step.
   */
  step(): SearchStep {
    const started = performance.now(), { every } = this.options;
    this.#trainer.optimizer.requireLive(); // before anything changes
    const { cursor } = this.#trainer, number = cursor.total, plan = this.#plan;
    if (number === 0) this.#voiceConcerns();
    const { trainLoss, validationLoss } = this.options.search === "shared"
      ? this.#own.step(number, this.#isJudged(number, plan))
      : this.#stepByOutputs(number, plan);
    this.seconds += (performance.now() - started) / 1000;
    this.#recent.add({ trainLoss, validationLoss });
    const looked = this.#comparison.stepped(number, plan);
    if (looked || (number + 1) % every === 0 || cursor.batch === 0) this.#record(looked);
    return searchStep({ trainLoss, validationLoss });
  }

  /** Only in the first step: a continued search has already shown them. */
  #voiceConcerns(): void {
    const { progress } = contextOf(this.options);
    if (this.#leftOut !== undefined) progress.remark?.(this.#leftOut);
    searchConcerns(this.#heldOut.historyLengths, this.config.lengths).forEach((concern) =>
      progress.warn(concern)
    );
  }

  /** Whether α learns. */
  #isWarm(number: number, { first }: SearchSteps): boolean {
    return this.#alpha.step > 0 || number >= first;
  }

  /** Whether the candidates are judged in this step. */
  #isJudged(number: number, plan: SearchSteps): boolean {
    return this.#isWarm(number, plan) && number % this.#comparison.interval === 0;
  }

  #stepByOutputs(number: number, plan: SearchSteps): SearchStep {
    if (this.#isJudged(number, plan)) this.#own.judge(number);
    return this.#mixed.step(number, this.#isWarm(number, plan));
  }

  /** @param looked Whether the evidence is recorded too. */
  #record(looked = false): void {
    const probabilities = Array.from(this.probabilities), { trainLoss, validationLoss } = this.#recent;
    this.#recent.clear();
    const evidence = looked ? this.evidence : undefined;
    const record: SearchRecord = {
      ...placeAfter(this.#trainer.cursor.total, this.#trainer.cursor.batches),
      step: this.#trainer.cursor.total,
      alpha: Array.from(this.alpha),
      probabilities,
      entropy: entropy(probabilities),
      trainLoss,
      validationLoss,
      seconds: this.seconds,
      ...(evidence && { evidence }),
    };
    this.#history.push(searchRecord(record, this.#names));
  }

  /**
   * Mean loss of the steps since the last record.
   *
   * @internal
   */
  protected get meanLoss(): number | undefined {
    return this.#recent.steps > 0 ? this.#recent.trainLoss : this.history.at(-1)?.trainLoss;
  }

  /** @internal */
  protected whyDone(): string {
    const only = onlyCandidate(this);
    if (only !== undefined) return `${only}; name several, or train with it`;
    if (this.settled) return "it has found out what it can; see its evidence";
    return this.finished >= this.epochs
      ? `all ${this.epochs} epochs are done; raise search.epochs to continue`
      : "no time is left; continue in a new search with a later deadline";
  }

  /** @internal */
  protected async runEpoch(lease: LoopLease): Promise<SearchRecord | undefined> {
    const closing = () => {
      if (this.#recent.steps > 0) this.#record(); // a deadline may end the epoch before the first record
      return this.#news();
    };
    if (await this.stepsOfEpoch(lease, closing) === undefined) return undefined;
    await this.onEpoch?.(this);
    return this.history.at(-1)!;
  }

  /** Summary of an epoch: the losses, and the leading candidate once α has begun to learn. */
  #news(): string {
    const p = this.probabilities, best = p.indexOf(Math.max(...p));
    const { trainLoss, validationLoss } = this.history.at(-1)!;
    const leader = `${candidateLabel(this.#names[best])} leads with ${(100 * p[best]).toFixed(0)} %`;
    return [
      `loss ${trainLoss.toFixed(3)}`,
      ...(Number.isFinite(validationLoss) ? [`validation loss ${validationLoss.toFixed(3)}`] : []),
      ...(p.every((share) => share === p[best]) ? [] : [leader]),
    ].join(", ");
  }

  /** Epochs until there is nothing left to do; with one candidate there are none, and a remark says so. */
  override async *[Symbol.asyncIterator](): AsyncGenerator<SearchRecord> {
    const nothing = nothingToSearch(this);
    if (nothing !== undefined) contextOf(this.options).progress.remark?.(nothing);
    yield* super[Symbol.asyncIterator]();
  }

  /** Runs all remaining epochs, then {@link Search.select}. If paused, it selects by what is known so far. */
  async run(): Promise<Architecture> {
    for await (const _epoch of this);
    return this.select();
  }

  /**
   * Selects the length: with `shared` the shortest within one standard error of the best, or behind it by less than the
   * margin; where outputs are mixed, that with the largest α.
   */
  select(): Architecture {
    const { lengths, alpha, probabilities, evidence, dropped, options: { search: method, margin } } = this;
    const { ended } = this.#comparison;
    return selectLength({ lengths, alpha, probabilities, evidence, dropped, ended, method }, margin);
  }

  /** Returns everything needed to resume later with the same result. */
  state(): SearchState {
    return {
      optimizer: this.#trainer.optimizer.state(),
      alpha: this.#alpha.state(),
      calibration: this.#mixed.calibration.state(),
      ...this.#place.state(),
      comparison: this.#comparison.state(),
      seconds: this.seconds,
      sums: this.#recent.state(),
      history: [...this.history],
    };
  }

  /**
   * Restores a saved state.
   *
   * @param from Where the state comes from, for messages.
   * @throws {InputError} if it is not the state of such a search. The search is then unchanged.
   */
  restore(state: SearchState, from = "the checkpoint"): void {
    const { optimizer } = this.#trainer;
    optimizer.check(state.optimizer, from);
    if (state.alpha.values.length !== this.lengths.length) {
      throw damagedCheckpoint(
        from,
        `α of ${state.alpha.values.length} lengths, not ${this.lengths.length}`,
      );
    }
    this.#place.check(state, from);
    optimizer.restore(state.optimizer);
    this.#alpha.restore(state.alpha);
    this.#mixed.calibration.restore(state.calibration);
    this.#place.restore(state);
    this.#comparison.restore(state.comparison);
    this.goesOnAfter(state.seconds);
    this.#recent.restore(state.sums);
    this.#history = searchRecords(state.history, this.#names);
  }

  /**
   * Returns a new search that continues from this one with other candidates, data, sizes or options. Weights and
   * Adam's moments of the same name and shape are taken over; on other data, rows are matched by item ids and feature
   * values. Candidates that stay keep their α, and new ones begin at its mean. What cannot be taken over starts from
   * scratch, with a warning. This search stays as it is, with its tensors: dispose of it when it is no longer needed.
   *
   * @throws {InputError} if the datasets have no item in common.
   */
  with(changes: Changes<SearchOptions, NetworkConfig> = {}): Search {
    const { dataset, config, options } = changed(this, changes);
    const next = new Search(this.engine, dataset, config, options);
    return Session.begin(next, () => next.restore(warmStartSearch(this, next)));
  }

  /** The search as text, for a terminal. */
  toString(): string {
    return searchText(this);
  }

  /** The search as an HTML fragment for a notebook. */
  toHtml(): Promise<string> {
    return searchHtml(this);
  }

  /** @internal */
  protected growing(): Promise<string> {
    return searchCurves(this);
  }

  /** Frees all tensors; a second call does nothing. */
  dispose(): void {
    this.#trainer.dispose();
  }
}

/** @throws {InputError} if a configuration has several networks. */
function refuseEnsemble({ ensemble }: MethodConfig): void {
  if (ensemble === undefined) return;
  throw new InputError(
    `Cannot search with ${ensemble} networks: the length is searched with one, and several are trained with it then`,
  );
}
