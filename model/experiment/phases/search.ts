/**
 * The search phase: from a network with several candidate lengths to the one that is trained.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import { InputError, Interrupted } from "../../../pipeline/contract/errors.ts";
import type { NetworkConfig } from "../../methods/automlp/config.ts";
import { unseenBetween } from "../../methods/automlp/config.ts";
import { candidateNames } from "../../records/candidates.ts";
import { epochsDone } from "../../records/epochs.ts";
import type { Architecture, CutShort, SearchMethod, Trial } from "../../records/records.ts";
import { packSearch, packTrial, unpackSearch, unpackTrial } from "../../search/checkpoint.ts";
import { exhaustiveSearch } from "../../search/exhaustive.ts";
import { searchShape } from "../../search/options.ts";
import { worseThanGuessing } from "../../search/concerns.ts";
import { Search } from "../../search/search.ts";
import { selectLength } from "../../search/select.ts";
import { packTraining, unpackTraining } from "../../train/checkpoint.ts";
import { withEnsemble } from "../../train/ensemble.ts";
import { targetsOf } from "../../train/open_part.ts";
import type { TrainingState } from "../../train/state.ts";
import { isGuess, nothingToSearch } from "../../views/search.ts";
import { isAutomlp, pick, wants } from "../options.ts";
import { countdown } from "../cost.ts";
import {
  afterCutSearch,
  canSearchOn,
  inJob,
  type JobPhase,
  type JobWork,
  type PhaseWork,
  TRAINING_SHARE,
  trainingOptions,
} from "./phase.ts";

/** Share of the remaining budget that a search of all candidates side by side may take if training follows. */
const SEARCH_SHARE = 0.4;

/** Result of a search. */
interface Found {
  architecture: Architecture;
  /** When the budget ended it; undefined if it ended by itself. */
  cut?: Pick<CutShort, "epochs" | "of" | "trainings">;
}

/**
 * Finds the length in the way that the options say.
 *
 * @throws {Interrupted} if `signal` is aborted; a checkpoint is written first.
 */
export async function findArchitecture(work: PhaseWork): Promise<Found> {
  const unseen = unseenBetween(networkOf(work));
  if (unseen !== undefined) work.record.warn(unseen);
  switch (work.options.search) {
    case "none":
      return { architecture: givenArchitecture(networkOf(work)) };
    case "exhaustive":
      return await exhaustive(work);
    default:
      return onlyCandidate(work, work.options.search) ?? await sideBySide(work, work.options.search);
  }
}

/** Skips the search if there is only one candidate: it would cost as much as a training, and select what is known. */
function onlyCandidate(work: PhaseWork, method: SearchMethod): Found | undefined {
  const { lengths } = networkOf(work), nothing = nothingToSearch({ lengths });
  if (nothing === undefined) return undefined;
  contextOf(work).progress.remark?.(nothing);
  const found = { lengths, alpha: [0], probabilities: [1], dropped: [], method };
  return { architecture: selectLength({ ...found, ended: "only one" }) };
}

/** AutoMLP with all candidate lengths side by side. */
const networkOf = ({ config }: JobWork) => config as NetworkConfig;

function givenArchitecture({ lengths }: NetworkConfig): Architecture {
  return {
    shortTermLength: lengths[0],
    lengths,
    alpha: [],
    probabilities: [],
    entropy: 0,
    margin: 0,
    clear: true,
    rule: "argmax",
    method: "given",
  };
}

/** Maximum number of steps of the training that follows; each of several networks takes its own steps. */
function trainingSteps({ dataset, options }: JobWork, batchSize: number): number {
  if (!wants(options, "retrain")) return 0;
  const { sizes } = targetsOf(dataset, "train");
  return options.ensemble * options.epochs *
    sizes.reduce((batches, size) => batches + Math.ceil(size / batchSize), 0);
}

/** Checkpoints: "search" is the training in progress, "train" the best of the finished ones. */
async function exhaustive(work: PhaseWork): Promise<Found> {
  const { engine, dataset, folder, options, record, events, outlook } = work;
  const names = candidateNames(networkOf(work));
  const trials = folder.read("trials");
  const last = await folder.readCheckpoint("search", (message) => record.warn(message));
  const winner = trials.length > 0
    ? await folder.readCheckpoint("train", (message) => {
      // The previous checkpoint is of another candidate.
      throw new InputError(
        `${message}, which is of another length; remove search/trials.jsonl to search again`,
      );
    })
    : undefined;
  let best: TrainingState | undefined = winner && unpackTraining(winner);
  const begun = last && unpackTrial(last);
  let cut = 0; // trainings that the budget ended
  const network = withEnsemble(networkOf(work), options.ensemble); // as it is trained, because the winner is not trained again
  const { architecture } = await exhaustiveSearch(engine, dataset, network, trainingOptions(work), {
    // The training of a finished candidate is not resumed.
    from: { trials, winner: best, training: begun?.trial === trials.length ? begun.training : undefined },
    onTraining: inJob,
    onTrained: ({ cutShort }) => void (cutShort && cut++),
    onState: async ({ trials, winner, training }) => {
      const left = timeOfTrials(names.length, options.epochs, trials, training);
      outlook.learns(() => left?.(), !wants(options, "evaluate"));
      if (training) {
        const trial = trials.length;
        await folder.writeCheckpoint("search", packTrial(trial, training));
        events?.trial(training.history, options.metric, names[trial]);
      }
      if (winner && winner !== best) {
        // Retraining the winner would do the same again.
        await folder.write("trainHistory", winner.history);
        await folder.writeCheckpoint("train", packTraining(winner), { keepBefore: false });
        best = winner;
      }
      await folder.write("trials", trials);
      await record.write(); // the time so far
      await work.report.write();
    },
  });
  return { architecture, ...(cut > 0 && { cut: { trainings: cut } }) };
}

/** Maximum time of the remaining trainings, at the pace of the current or last one; retraining the winner takes no time. */
function timeOfTrials(
  candidates: number,
  epochs: number,
  trials: readonly Trial[],
  training: TrainingState | undefined,
): (() => number) | undefined {
  const newest = training?.history.at(-1), last = trials.at(-1);
  const [done, seconds] = newest
    ? [epochsDone(newest), newest.seconds]
    : [last?.epochs ?? 0, last?.seconds ?? 0];
  if (done === 0) return undefined;
  const left = (candidates - trials.length) * epochs - (newest ? done : 0);
  return countdown(left * seconds / done);
}

/** All candidates in one search. */
async function sideBySide(work: PhaseWork, method: SearchMethod): Promise<Found> {
  const { engine, dataset, folder, options, settings, budget, record, events, outlook } = work,
    { progress, signal } = work;
  using search = new Search(engine, dataset, networkOf(work), {
    ...settings,
    ...pick(searchShape, options),
    search: method,
    // In the job these names are the training's.
    epochs: options.searchEpochs,
    warmup: options.searchWarmup,
    targets: options.searchTargets,
    deadline: budget.share(wants(options, "retrain") ? SEARCH_SHARE : TRAINING_SHARE),
    // Remarks of the search are recorded.
    progress: {
      start: (...task) => contextOf({ progress }).progress.start(...task),
      warn: (message) => record.warn(message),
      remark: (message) => contextOf({ progress }).progress.remark?.(message),
      grow: async (...growing) => await contextOf({ progress }).progress.grow?.(...growing),
    },
    signal,
  });
  inJob(search);
  const save = async () => {
    await folder.write("searchHistory", search.history);
    await folder.writeCheckpoint("search", packSearch(search.state()));
    events?.search(search.history, search);
    await record.write(); // the time so far
    await work.report.write();
  };
  try {
    const before = await folder.readCheckpoint("search", (message) => record.warn(message));
    if (before) search.restore(unpackSearch(before));
    search.onEpoch = save;
    const training = trainingSteps(work, search.options.batchSize);
    outlook.learns(() => {
      const { secondsLeft, secondsPerStep } = search;
      // A step of the search takes at least as long as a training step of one network.
      return secondsLeft === undefined ? undefined : secondsLeft + training * secondsPerStep!;
    }, !wants(options, "evaluate"));
    for await (const _epoch of search);
    const architecture = search.select();
    const trainLoss = search.history.at(-1)?.trainLoss ?? NaN;
    const concern = options.loss === "ce"
      ? worseThanGuessing(architecture.evidence, dataset.items, trainLoss)
      : undefined;
    if (concern !== undefined) record.warn(concern);
    return { architecture, cut: search.cutShort };
  } catch (error) {
    if (error instanceof Interrupted) await save();
    throw error;
  }
}

/** Writes the selected length, with history and checkpoints of the search. */
export const searchPhase: JobPhase = {
  name: "search",
  title: "search",
  is: isAutomlp,
  done(work) {
    const { folder, record, asSelected } = work;
    if (folder.read("architecture") === undefined) return false;
    return record.cut("search") === undefined || asSelected || !canSearchOn(work);
  },
  left(work) {
    const { folder, record, options } = work;
    const cut = record.cut("search");
    if (cut) record.advise(cut, afterCutSearch(work));
    else if (!wants(options, "retrain")) {
      contextOf(work).progress.remark?.(
        `Nothing is left to search: k = ${folder.read("architecture")!.shortTermLength} stays`,
      );
    }
  },
  async run(work) {
    const { folder, record } = work, { architecture, cut } = await findArchitecture(work);
    const length = architecture.shortTermLength, isCut = cut !== undefined;
    record.guessed(isGuess(architecture) ? { kind: "guess", length, isCut } : undefined);
    if (isCut) record.cutShort({ phase: "search", ...cut, ...afterCutSearch(work, architecture) });
    await record.write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.write("architecture", architecture);
    // Last: until then it is the architecture of the search that was cut, which is to be resumed after a kill.
    if (cut === undefined) record.endedByItself("search");
    return true;
  },
};
