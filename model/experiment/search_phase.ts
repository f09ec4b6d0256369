/**
 * The search phase of the job: from a network with several candidate lengths to the one that is trained. Each way there continues
 * from its last checkpoint in the run folder.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import type { Engine } from "../backend/types.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { Architecture } from "../records/records.ts";
import { exhaustiveSearch } from "../search/exhaustive.ts";
import { Search } from "../search/search.ts";
import { packSearch, unpackSearch } from "../search/checkpoint.ts";
import { packTraining, unpackTraining } from "../train/checkpoint.ts";
import type { TrainingOptions, TrainingState } from "../train/state.ts";
import type { JobOptions } from "./options.ts";

/** What the phase works with. */
export interface SearchWork extends StageContext {
  engine: Engine;
  dataset: SequenceDataset;
  network: NetworkConfig;
  folder: RunFolder;
  options: JobOptions;
  settings: TrainingSettings;
  /** For an exhaustive search: the options of its trainings, the deadline of them all among these. */
  training: TrainingOptions;
  /** Of a differentiable search. */
  deadline?: number;
  /** Called with what a reader of the results should know. */
  warn(message: string): void;
}

/**
 * The length, by the way that the options say.
 *
 * @throws {Interrupted} where `signal` is aborted; a checkpoint is written first.
 */
export async function findArchitecture(work: SearchWork): Promise<Architecture> {
  switch (work.options.search) {
    case "none":
      return givenArchitecture(work.network);
    case "exhaustive":
      return await exhaustive(work);
    case "darts":
      return await differentiable(work);
  }
}

function givenArchitecture({ candidates }: NetworkConfig): Architecture {
  return {
    shortTermLength: candidates[0],
    candidates,
    alpha: [],
    probabilities: [],
    entropy: 0,
    margin: 0,
    clear: true,
    rule: "argmax",
    method: "given",
  };
}

/** Checkpoints: "search" is the training under way, "train" the best of those that are done. */
async function exhaustive(
  { engine, dataset, network, folder, training, warn }: SearchWork,
): Promise<Architecture> {
  const trials = folder.readTrials();
  const last = await folder.readCheckpoint("search", warn);
  const winner = trials.length > 0
    ? await folder.readCheckpoint("train", (message) => {
      // The checkpoint before is of another candidate.
      throw new InputError(
        `${message}, which is of another length; remove search/trials.jsonl to search again`,
      );
    })
    : undefined;
  let best: TrainingState | undefined = winner && unpackTraining(winner);
  const begun = last && (last.state as { trial: number }).trial === trials.length
    ? unpackTraining(last)
    : undefined;
  const { architecture } = await exhaustiveSearch(engine, dataset, network, training, {
    from: { trials, winner: best, training: begun },
    onState: async ({ trials, winner, training }) => {
      if (training) {
        const { tensors, state } = packTraining(training);
        const trial = trials.length;
        await folder.writeCheckpoint("search", { tensors, state: { ...state as object, trial } });
      }
      if (winner && winner !== best) {
        // Retraining the winner would do the same again.
        await folder.writeTrainHistory(winner.history);
        await folder.writeCheckpoint("train", packTraining(winner), { keepBefore: false });
        best = winner;
      }
      await folder.writeTrials(trials);
    },
  });
  return architecture;
}

async function differentiable(
  { engine, dataset, network, folder, options, settings, deadline, progress, signal, warn }: SearchWork,
): Promise<Architecture> {
  const search = new Search(engine, dataset, network, {
    ...settings,
    epochs: options.searchEpochs,
    relaxation: options.relaxation,
    order: options.order,
    warmup: options.searchWarmup,
    alphaRate: options.alphaRate,
    alphaData: options.alphaData,
    every: 20,
    deadline,
    progress,
    signal,
  });
  const save = async () => {
    await folder.writeSearchHistory(search.history);
    await folder.writeCheckpoint("search", packSearch(search.state()));
  };
  try {
    const before = await folder.readCheckpoint("search", warn);
    if (before) search.restore(unpackSearch(before));
    search.onEpoch = save;
    for await (const _epoch of search);
    return search.select({ rule: options.select, margin: options.margin });
  } catch (error) {
    if (error instanceof Interrupted) await save();
    throw error;
  } finally {
    search.dispose();
  }
}
