/**
 * The training phase: trains the method's network from fresh weights, those of the search or those of another run, with the selected length
 * if one was searched.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import { numbersIn } from "../../backend/tensor.ts";
import { newSharesOf } from "../../evaluate/new_targets.ts";
import { writeTrained } from "../../methods/store.ts";
import { InputError, Interrupted } from "../../../pipeline/contract/errors.ts";
import type { NetworkConfig } from "../../methods/automlp/config.ts";
import { bestOf } from "../../records/epochs.ts";
import { repeatShareOf } from "../../seen_bias.ts";
import { unpackSearch } from "../../search/checkpoint.ts";
import { warmStartSelected } from "../../search/warm_start.ts";
import { packTraining, unpackTraining } from "../../train/checkpoint.ts";
import type { TrainedNetwork } from "../../train/method.ts";
import { startFromModel } from "../../train/start_from.ts";
import { Training } from "../../train/training.ts";
import { epochsOf } from "../../views/epochs.ts";
import { NO_SEARCHED_WEIGHTS, wants } from "../options.ts";
import { afterCutTraining, inJob, type JobPhase, type JobWork, trainingOptions } from "./phase.ts";
import { byHeartRemark, divergedRemark, newItemsRemark, repeatsRemark } from "../remarks.ts";
import { openStart } from "../start_from.ts";
import { checkSameNetwork, trainedConfig } from "../network.ts";

/**
 * Writes history, checkpoints and the model of the best epoch, from the first epoch on. A finished training is opened again, because it may
 * have been given more epochs or more time.
 */
export const trainPhase: JobPhase = {
  name: "retrain",
  title: "training",
  async run(work) {
    const { engine, dataset, folder, options, record, events, seed, outlook, whole = folder.path } = work;
    using training = inJob(new Training(engine, dataset, trainedConfig(work), trainingOptions(work)), whole);
    for (const remark of await dataRemarks(work)) {
      // With several methods, the first has already said it.
      if (whole === folder.path) record.warn(remark);
      else record.warned(remark);
    }
    // Number of steps after which the weights in the folder were saved.
    let savedStep: number | undefined;
    const bestStep = () => bestOf(training.history, training.bestEpoch)?.step;
    const saveBest = async (best: TrainedNetwork) => {
      const step = bestStep();
      if (step === undefined || step !== savedStep) {
        // The existing figures are of other weights.
        await folder.removeFigures();
      }
      record.facts.parameters = numbersIn(best.specs);
      await writeTrained(folder, best, { dataset, seed });
      savedStep = step;
    };
    const save = async () => {
      const { best } = training;
      if (best && bestStep() !== savedStep) await saveBest(best);
      await folder.write("trainHistory", training.history);
      await folder.writeCheckpoint("train", packTraining(training.state()));
      events?.training(training.history, options.metric);
      await record.write(); // the time so far
      await work.report.write();
    };
    try {
      const before = await folder.readCheckpoint("train", (message) => record.warn(message));
      if (before) checkSameNetwork(work);
      if (before) training.restore(unpackTraining(before));
      else if (options.warmStart) await takeSearchedWeights(work, training);
      else if (options.startFrom !== undefined) await takeTrainedWeights(work, options.startFrom, training);
      if (folder.hasModel) savedStep = bestStep();
      const isOver = before !== undefined && training.done;
      if (isOver) {
        const done = epochsOf(training.finished, training.epochs);
        contextOf(work).progress.remark?.(
          `Nothing is left to train of ${work.method.title}: ${done} are done, or it got no better; the model stays`,
        );
      }
      events?.training(training.history, options.metric);
      training.onEpoch = save;
      outlook.learns(() => training.secondsLeft, !wants(options, "evaluate"), () => training.standing);
      for await (const _epoch of training);
      const byHeart = byHeartRemark(training.history, options.metric, training.config.dropout);
      if (byHeart !== undefined) record.warn(byHeart);
      const diverged = options.loss === "ce" ? divergedRemark(training.history, dataset.items) : undefined;
      if (diverged !== undefined) record.warn(diverged);
      const cut = training.cutShort;
      if (cut === undefined) record.endedByItself("training");
      else record.cutShort({ phase: "training", ...cut, ...afterCutTraining(work) });
      const model = training.finish();
      await saveBest(model);
      events?.trained();
      return !isOver;
    } catch (error) {
      if (error instanceof Interrupted) await save();
      throw error;
    }
  },
};

/** Remarks on the data, on which the figures, and the epoch chosen by them, depend. */
async function dataRemarks({ dataset, options }: JobWork): Promise<string[]> {
  return [
    options.keepSeen ? undefined : repeatsRemark(repeatShareOf(dataset)),
    newItemsRemark(await newSharesOf(dataset), dataset.manifest.split.kind),
  ].filter((remark) => remark !== undefined);
}

/** @throws {InputError} if the run cannot be read, is of another method, or its data have no item in common with these. */
async function takeTrainedWeights(
  { record, progress, method }: JobWork,
  run: string,
  training: Training,
): Promise<void> {
  await startFromModel(training, await openStart(run, method.name), run, {
    warn: (message) => record.warn(message),
    remark: (message) => contextOf({ progress }).progress.remark?.(message),
  });
}

/** @throws {InputError} if no search left weights. */
async function takeSearchedWeights(
  { dataset, config, folder, record }: JobWork,
  training: Training,
): Promise<void> {
  const searched = await folder.readCheckpoint("search", (message) => record.warn(message));
  if (!searched) throw new InputError(NO_SEARCHED_WEIGHTS);
  const { optimizer } = unpackSearch(searched);
  warmStartSelected({ dataset, config: config as NetworkConfig, state: optimizer }, training);
}
